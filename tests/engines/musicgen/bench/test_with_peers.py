from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from musicmed_desktop.engines.audiocraft.standins import import_audiocraft
from musicmed_desktop.engines.musicgen.bench import with_audiocraft, with_transformers
from musicmed_desktop.engines.musicgen.codec import Codec

if TYPE_CHECKING:
    from tests.engines.musicgen.conftest import Twins

STATES = torch.randn(12, 48, generator=torch.Generator().manual_seed(1))
COLUMNS = torch.randint(0, 2048, (4, 10), generator=torch.Generator().manual_seed(2))
CODES = COLUMNS[:, :8]


def ours(tiny: Twins) -> torch.Tensor:
    """Logits of the row with the prompt, after the last column: [K, V]."""
    decoder = tiny.decoder()
    decoder.begin([STATES])
    return decoder.advance(COLUMNS)[1]


def sound_of(tiny: Twins) -> torch.Tensor:
    """What CODES sound like: [n]."""
    return torch.from_numpy(Codec(tiny.checkpoint.codec, tiny.checkpoint.tensors).decode(CODES)[:, 0])


@torch.no_grad()
def test_transformers_computes_with_the_same_weights(tiny: Twins) -> None:
    peer = with_transformers.build(tiny.checkpoint, torch.float32)
    heard = {"encoder_outputs": (STATES[None],), "attention_mask": torch.ones(1, 12)}
    logits = peer(decoder_input_ids=COLUMNS, **heard).logits[:, -1]
    torch.testing.assert_close(logits, ours(tiny), atol=1e-4, rtol=0)
    sound = peer.audio_encoder.decode(CODES[None, None], [None]).audio_values
    torch.testing.assert_close(sound[0, 0], sound_of(tiny))


@torch.no_grad()
def test_audiocraft_computes_with_the_same_weights(tiny: Twins) -> None:
    import_audiocraft()
    lm = with_audiocraft.build_lm(tiny.checkpoint, STATES, "cpu", torch.float32)
    heard = lm.condition_provider({"description": torch.tensor([True])})
    logits = lm(COLUMNS[None], [], heard)[0, :, -1]
    torch.testing.assert_close(logits, ours(tiny), atol=1e-4, rtol=0)
    sound = with_audiocraft.build_codec(tiny.checkpoint, "cpu").decode(CODES[None])
    torch.testing.assert_close(sound[0, 0], sound_of(tiny))


def test_nothing_is_heard_without_a_text(tiny: Twins) -> None:
    import_audiocraft()
    lm = with_audiocraft.build_lm(tiny.checkpoint, STATES, "cpu", torch.float32)
    states, mask = lm.condition_provider({"description": torch.tensor([False])})["description"]
    assert not states.any()
    assert not mask.any()
