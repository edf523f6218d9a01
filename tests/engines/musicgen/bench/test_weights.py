from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from musicmed_desktop.engines.musicgen.bench.weights import RandomTensors, random_weights, text_states, weights
from musicmed_desktop.engines.musicgen.shapes import SMALL, CodecShape, DecoderShape
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from tests.engines.musicgen.conftest import Twins


def test_the_names_and_sizes_are_those_of_a_model(tiny: Twins) -> None:
    model = tiny.checkpoint
    random = random_weights(model.decoder, model.codec, "tiny")
    for name, tensor in random.tensors.items():
        assert tensor.shape == model.tensors[name].shape, name
    unused = set(model.tensors) - set(random.tensors)
    assert all(name.endswith(("inited", "cluster_size", "embed_avg")) for name in unused)


def test_without_a_folder_it_is_musicgen_small() -> None:
    model = weights("")
    assert model.decoder == SMALL
    assert model.codec == CodecShape()
    decoder = sum(t.numel() for name, t in _sized(model.tensors) if not name.startswith("audio_encoder."))
    assert decoder == pytest.approx(420e6, rel=0.01)


def _sized(tensors: object) -> list[tuple[str, torch.Tensor]]:
    assert isinstance(tensors, RandomTensors)
    return [(name, torch.empty(size, device="meta")) for name, size in tensors._sizes.items()]


def test_the_same_name_gives_the_same_numbers_and_another_others() -> None:
    sizes = {"a": (300, 700), "b": (300, 700)}
    first, second = RandomTensors(sizes), RandomTensors(sizes)
    assert torch.equal(first["a"], second["a"])
    assert not torch.equal(first["a"], first["b"])


def test_large_matrices_have_no_two_equal_rows() -> None:
    matrix = RandomTensors({"large": (2048, 1024)})["large"]
    assert len(torch.unique(matrix, dim=0)) == 2048
    assert matrix.std() == pytest.approx(0.02, rel=0.01)


def test_norms_are_the_identity() -> None:
    tensors = random_weights(DecoderShape(64, 1, 4, 128), CodecShape(filters=4, hidden=16), "tiny").tensors
    assert torch.equal(tensors["decoder.model.decoder.layer_norm.weight"], torch.ones(64))


def test_a_prompt_is_twelve_tokens_long() -> None:
    assert text_states(768).shape == (12, 768)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        weights(str(tmp_path))
