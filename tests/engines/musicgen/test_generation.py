"""Writing music: the same tokens as transformers', blending, blocks and cancelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from musicmed_desktop.engines.base import CancelledError
from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from musicmed_desktop.engines.musicgen.generation import BLOCK, generate
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import WINDOW_FRAMES, DecoderShape

GREEDY = Sampling(top_k=1)
NOTHING = torch.zeros(4, 0, dtype=torch.int64)
CALM, BRIGHT = [5, 6, 7, 8, 1], [9, 10, 3, 1]


class Counting:
    """A decoder that notes how many columns it is given at a time, and how many rows there are afterwards."""

    def __init__(self, decoder: TorchDecoder) -> None:
        self._decoder = decoder
        self.columns: list[int] = []
        self.rows: list[int] = []

    @property
    def shape(self) -> DecoderShape:
        return self._decoder.shape

    def begin(self, prompts: Any) -> None:
        self._decoder.begin(prompts)

    def advance(self, columns: Tensor) -> Tensor:
        logits = self._decoder.advance(columns)
        self.columns.append(columns.shape[1])
        self.rows.append(len(logits))
        return logits

    def settle(self) -> None:
        self._decoder.settle()


def written(decoder: Any, prompts: list[Tensor], codes: Tensor, frames: int, **options: Any) -> Tensor:
    options = {"sampling": GREEDY, "seed": 0, **options}
    return torch.cat(list(generate(decoder, prompts, codes, frames, **options)), dim=1)


def some_codes(frames: int, seed: int = 1) -> Tensor:
    return torch.randint(0, 2048, (4, frames), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("size", "known", "frames"),
    [
        ("tiny", 0, 200),
        ("tiny", 70, 200),
        ("wide", 70, 50),
        pytest.param("wide", 0, 200, marks=pytest.mark.slow),
        pytest.param("wide", 70, 200, marks=pytest.mark.slow),
    ],
)
def test_greedy_tokens_are_those_of_transformers(
    size: str, known: int, frames: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins, codes = request.getfixturevalue(size), some_codes(known)
    prompt = {"decoder_input_ids": codes} if known else {}
    wanted = twins.generated(CALM, known + frames, monkeypatch, **prompt)
    assert wanted.shape == (4, known + frames)
    assert len(wanted[:, known:].unique()) > 20  # the random model does not write one tone
    torch.testing.assert_close(written(twins.decoder(), [twins.states(*CALM)], codes, frames), wanted[:, known:])


def test_continues_a_sound_as_transformers_does(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = torch.randn(1, 1, 32_000, generator=torch.Generator().manual_seed(3)) * 0.1
    with torch.no_grad():
        codes = tiny.model.audio_encoder.encode(sound).audio_codes[0, 0]  # [K, 50]
    wanted = tiny.generated(CALM, 50 + 60, monkeypatch, input_values=sound)
    assert torch.equal(wanted[:, :50], codes)
    assert torch.equal(written(tiny.decoder(), [tiny.states(*CALM)], codes, 60), wanted[:, 50:])


def test_sampled_tokens_depend_on_the_seed_alone(tiny: Any) -> None:
    decoder, prompts = tiny.decoder(), [tiny.states(*CALM)]
    first, again, other = (written(decoder, prompts, NOTHING, 40, sampling=Sampling(), seed=seed) for seed in (7, 7, 8))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert 0 <= int(first.min()) <= int(first.max()) < 2048


def test_thirty_seconds_are_possible_and_one_frame_more_is_not(tiny: Any) -> None:
    decoder, prompts = tiny.decoder(), [tiny.states(*CALM)]
    known = some_codes(WINDOW_FRAMES - 3)
    assert written(decoder, prompts, known, 3).shape == (4, 3)
    with pytest.raises(ValueError, match="1500"):
        written(decoder, prompts, known, 4)
    with pytest.raises(ValueError, match="1501 more"):
        written(decoder, prompts, NOTHING, WINDOW_FRAMES + 1)


def test_writes_thirty_seconds_from_nothing(tiny: Any) -> None:
    decoder = Counting(tiny.decoder())
    music = written(decoder, [tiny.states(*CALM)], NOTHING, WINDOW_FRAMES, sampling=Sampling())
    assert music.shape == (4, WINDOW_FRAMES)
    assert int(music.max()) < 2048
    assert sum(decoder.columns) == WINDOW_FRAMES + 3  # the last column is written, and not read


@pytest.mark.parametrize("frames", [1, BLOCK, BLOCK + 1, 3 * BLOCK - 1])
def test_hands_on_whole_blocks_and_then_the_rest(tiny: Any, frames: int) -> None:
    blocks = list(generate(tiny.decoder(), [tiny.states(*CALM)], some_codes(9), frames, sampling=GREEDY, seed=0))
    assert [block.shape[1] for block in blocks[:-1]] == [BLOCK] * ((frames - 1) // BLOCK)
    assert sum(block.shape[1] for block in blocks) == frames
    assert all(block.device.type == "cpu" and block.dtype == torch.int64 for block in blocks)


def test_no_frames_are_no_music(tiny: Any) -> None:
    assert written(tiny.decoder(), [tiny.states(*CALM)], some_codes(9), 0).shape == (4, 0)


def test_music_written_in_two_pieces_is_that_of_one(tiny: Any) -> None:
    decoder, prompts = tiny.decoder(), [tiny.states(*CALM)]
    whole = written(decoder, prompts, NOTHING, 90)
    assert torch.equal(written(decoder, prompts, whole[:, :50], 40), whole[:, 50:])


def test_two_equal_prompts_are_one(tiny: Any) -> None:
    prompt = tiny.states(*CALM)
    alone = written(tiny.decoder(), [prompt], NOTHING, 60)
    assert torch.equal(written(tiny.decoder(), [prompt, prompt], NOTHING, 60, blend=30), alone)


def test_moves_from_the_leaving_prompt_to_the_arriving_one(tiny: Any) -> None:
    arriving, leaving, known = tiny.states(*CALM), tiny.states(*BRIGHT), some_codes(20)
    decoder = Counting(tiny.decoder())
    moved = written(decoder, [arriving, leaving], known, 120, blend=40)
    stayed = written(tiny.decoder(), [leaving], known, 120)
    changed = written(tiny.decoder(), [arriving], known, 120)
    alike = [int((moved == other).all(0).long().cumprod(0).sum()) for other in (stayed, changed)]
    assert alike[0] > alike[1]  # it begins as the leaving prompt would go on
    # Behind the blend it is what the arriving prompt alone makes of the music so far.
    so_far = torch.cat([known, moved[:, :43]], dim=1)
    assert torch.equal(written(tiny.decoder(), [arriving], so_far, 77), moved[:, 43:])
    # Three rows are computed up to the last column that the leaving prompt bears on.
    assert decoder.rows == [3] * 40 + [2] * (len(decoder.rows) - 40)


def cancel_after(looks: int) -> tuple[Callable[[], bool], list[bool]]:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > looks

    return cancelled, asked


@pytest.mark.parametrize(("known", "looks"), [(0, 0), (0, 1), (0, 60), (300, 0), (300, 3)])
def test_cancelling_takes_effect_within_a_step(tiny: Any, known: int, looks: int) -> None:
    decoder, (cancelled, asked) = Counting(tiny.decoder()), cancel_after(looks)
    with pytest.raises(CancelledError):
        written(decoder, [tiny.states(*CALM)], some_codes(known), 100, cancelled=cancelled)
    assert len(asked) == looks + 1  # it was not asked again
    assert len(decoder.columns) == looks  # nothing was computed afterwards
    assert max(decoder.columns, default=0) <= 64  # and nothing before that would have taken long
