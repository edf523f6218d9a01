"""Models that many tests use and none changes: the same random ones in transformers' hands and in this project's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint
from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from tests.fakes.musicgen import as_checkpoint, save_transformers, small_slice, tiny_transformers


@dataclass(frozen=True, eq=False)
class Twins:
    """One model twice: transformers' `model`, and `checkpoint` with the same weights."""

    model: Any
    checkpoint: Checkpoint

    def decoder(self) -> TorchDecoder:
        return TorchDecoder(self.checkpoint.decoder, self.checkpoint.tensors)

    def states(self, *ids: int) -> Tensor:
        """What the text encoder says of a prompt's tokens: [L, text_hidden]."""
        with torch.no_grad():
            states: Tensor = self.model.text_encoder(input_ids=torch.tensor([ids])).last_hidden_state[0]
        return states

    def generated(self, ids: list[int], frames: int, monkeypatch: pytest.MonkeyPatch, **prompt: Tensor) -> Tensor:
        """The codes [K, frames] of transformers' greedy `generate` with guidance 3, caught on their way to the codec.

        They begin with those of the audio prompt: codes as `decoder_input_ids` [K, P], or sound as `input_values`.
        """
        caught: list[Tensor] = []

        def decode(audio_codes: Tensor, **_: Any) -> SimpleNamespace:
            caught.append(audio_codes[0, 0])
            return SimpleNamespace(audio_values=torch.zeros(1, 1, 1))

        monkeypatch.setattr(self.model.audio_encoder, "decode", decode)
        text = torch.tensor([ids])
        self.model.generate(
            input_ids=text,
            attention_mask=torch.ones_like(text),
            do_sample=False,
            guidance_scale=3.0,
            max_length=frames + self.checkpoint.decoder.codebooks,
            **prompt,
        )
        return caught[0]


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """So small matrices are not worth sharing out; with other programs running, waiting for each other takes long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny() -> Twins:
    model = tiny_transformers()
    return Twins(model, as_checkpoint(model))


@pytest.fixture(scope="session")
def wide() -> Twins:
    """musicgen-small's width, two layers."""
    model = small_slice()
    return Twins(model, as_checkpoint(model))


@pytest.fixture(scope="session")
def tiny_folder(tiny: Twins, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model as a published one lies on a disk."""
    return save_transformers(tiny.model, tmp_path_factory.mktemp("tiny"))
