"""The loss against transformers' own, and what the decoder hears of a caption that was dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from transformers import MusicgenForConditionalGeneration

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.text import read_tokenizer
from musicmed_desktop.training.loss import columns, losses
from musicmed_desktop.training.model import base_model
from musicmed_desktop.training.text import Captions, encode
from tests.fakes.musicgen import save_transformers, tiny_transformers

CPU = torch.device("cpu")
SENTENCES = ["calm piano", "happy music with drums"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(hidden=32, ffn=48), tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def checkpoint(folder: Path) -> Checkpoint:
    return read_checkpoint(folder)


@pytest.fixture(scope="module")
def model(checkpoint: Checkpoint) -> Any:
    return base_model(checkpoint).train(False)


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return read_tokenizer(folder, 1000)


def codes(count: int, frames: int = 20) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randint(0, 2048, (4, frames), generator=generator) for _ in range(count)]


def captions(sentences: Sequence[str | None], tokenizer: Tokenizer, model: Any) -> Captions:
    return encode(sentences, tokenizer, model.text_encoder, CPU)


@torch.no_grad()
def test_the_loss_of_each_example_is_that_of_transformers(
    folder: Path, model: Any, tokenizer: Tokenizer, checkpoint: Checkpoint
) -> None:
    music = columns(codes(2), checkpoint.decoder)
    ours = losses(model, captions(SENTENCES, tokenizer, model), music, 2048)
    tokenizer.no_padding()
    theirs: Any = MusicgenForConditionalGeneration.from_pretrained(folder)
    for number, sentence in enumerate(SENTENCES):
        ids = torch.tensor([tokenizer.encode(sentence).ids])
        output = theirs(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            decoder_input_ids=music[number, :, :-1],
            labels=music[number : number + 1, :, 1:].transpose(1, 2),
        )
        assert float(ours[number]) == pytest.approx(float(output.loss), abs=1e-5)


@torch.no_grad()
def test_a_dropped_caption_is_what_guidance_takes_away(
    folder: Path, model: Any, tokenizer: Tokenizer, checkpoint: Checkpoint
) -> None:
    """As where MusicGen generates without a prompt: states and mask of zeros."""
    music = columns(codes(1), checkpoint.decoder)
    dropped = losses(model, captions([None], tokenizer, model), music, 2048)
    theirs: Any = MusicgenForConditionalGeneration.from_pretrained(folder)
    empty = theirs.get_unconditional_inputs(1)
    output = theirs(
        encoder_outputs=(empty.encoder_outputs[0],),
        attention_mask=empty.attention_mask,
        decoder_input_ids=music[0, :, :-1],
        labels=music[:, :, 1:].transpose(1, 2),
    )
    assert float(dropped[0]) == pytest.approx(float(output.loss), abs=1e-5)
    assert float(dropped[0]) != pytest.approx(float(losses(model, captions(["calm"], tokenizer, model), music, 2048)))


@torch.no_grad()
def test_an_example_has_the_same_loss_in_whatever_company(
    model: Any, tokenizer: Tokenizer, checkpoint: Checkpoint
) -> None:
    sentences = ["calm", None, "a very long and warm piano music with strings, slow, soft, sad"]
    music = codes(3)
    together = losses(model, captions(sentences, tokenizer, model), columns(music, checkpoint.decoder), 2048)
    for number, sentence in enumerate(sentences):
        alone = captions([sentence], tokenizer, model)
        one = losses(model, alone, columns(music[number : number + 1], checkpoint.decoder), 2048)
        assert float(one) == pytest.approx(float(together[number]), abs=1e-5)


def test_columns_hold_every_code_once_and_late_by_its_codebook(checkpoint: Checkpoint) -> None:
    (music,) = codes(1, frames=6)
    (delayed,) = columns([music], checkpoint.decoder)
    assert delayed.shape == (4, 10)
    for k in range(4):
        assert delayed[k].tolist() == [2048] * (1 + k) + music[k].tolist() + [2048] * (3 - k)


def test_without_its_codec_the_model_is_that_of_the_folder(folder: Path, model: Any) -> None:
    theirs: Any = MusicgenForConditionalGeneration.from_pretrained(folder)
    kept = {name: weight for name, weight in theirs.state_dict().items() if not name.startswith("audio_encoder.")}
    assert set(kept) == set(model.state_dict())
    assert all(torch.equal(weight, model.state_dict()[name]) for name, weight in kept.items())
    assert not any(weight.requires_grad for weight in model.parameters())
