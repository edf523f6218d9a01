from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import AutoTokenizer, MusicgenForConditionalGeneration

from musicmed_desktop.engines.musicgen.checkpoint import TextSource, read_checkpoint
from musicmed_desktop.engines.musicgen.text import MAX_TOKENS, TextEncoder
from musicmed_desktop.errors import UserError
from tests.fakes.musicgen import as_checkpoint, save_tokenizer, save_transformers, tiny_transformers
from tests.fakes.tensors import Counted

PROMPT = "calm and slow piano with warm strings, 60 bpm"


@pytest.fixture(scope="module")
def model() -> MusicgenForConditionalGeneration:
    return tiny_transformers()


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tokenizer(tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture
def source(model: MusicgenForConditionalGeneration, tokenizer: Path) -> TextSource:
    return as_checkpoint(model, tokenizer).text


def changed(source: TextSource, **tensors: Tensor | None) -> TextSource:
    """The source with other tensors, or without some; a dot in a name is written as two underscores."""
    mixed = dict(source.tensors) | {name.replace("__", "."): tensor for name, tensor in tensors.items()}
    return replace(source, tensors={name: tensor for name, tensor in mixed.items() if tensor is not None})


@pytest.mark.parametrize("text", [PROMPT, "", "Größe, 静かな音楽!"])
def test_states_are_those_of_transformers(
    text: str, model: MusicgenForConditionalGeneration, source: TextSource
) -> None:
    tokens = AutoTokenizer.from_pretrained(source.tokenizer)(text, return_tensors="pt")
    with torch.no_grad():
        expected = model.text_encoder(**tokens).last_hidden_state[0]

    states = TextEncoder(source).encode(text)

    assert states.dtype == torch.float32
    torch.testing.assert_close(states, expected, atol=1e-6, rtol=0)
    assert states.shape == (tokens.input_ids.shape[1], 48)


def test_from_the_disk(model: MusicgenForConditionalGeneration, source: TextSource, tmp_path: Path) -> None:
    text = read_checkpoint(save_transformers(model, tmp_path / "model")).text
    assert torch.equal(TextEncoder(text).encode(PROMPT), TextEncoder(source).encode(PROMPT))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_weights_of_half_precision_are_computed_with_in_full(dtype: torch.dtype, source: TextSource) -> None:
    half = replace(source, tensors={name: tensor.to(dtype) for name, tensor in source.tensors.items()})
    same = replace(source, tensors={name: tensor.float() for name, tensor in half.tensors.items()})

    states = TextEncoder(half).encode(PROMPT)

    assert torch.equal(states, TextEncoder(same).encode(PROMPT))
    torch.testing.assert_close(states, TextEncoder(source).encode(PROMPT), atol=0.1, rtol=0)


def test_the_word_table_is_read_by_one_of_its_names(source: TextSource) -> None:
    once = changed(source, shared__weight=None)
    assert torch.equal(TextEncoder(once).encode(PROMPT), TextEncoder(source).encode(PROMPT))


def test_a_long_text_is_cut(source: TextSource) -> None:
    encoder = TextEncoder(source)
    states = encoder.encode("calm " * 600)
    assert len(states) == MAX_TOKENS
    assert torch.equal(states, encoder.encode("calm " * 511))  # and the end of the text still comes last


def test_the_last_prompts_are_remembered(source: TextSource) -> None:
    encoder = TextEncoder(source)
    first = encoder.encode(PROMPT)
    assert encoder.encode(PROMPT) is first

    for number in range(20):
        encoder.encode(f"calm {number}")

    assert encoder.encode(PROMPT) is not first  # not for ever: memory stays bounded
    assert torch.equal(encoder.encode(PROMPT), first)


def test_nothing_is_asked_of_the_network_or_said(
    source: TextSource, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    TextEncoder(source).encode(PROMPT * 100)
    assert capfd.readouterr() == ("", "")


def test_each_weight_is_read_once_and_lies_in_memory_once(source: TextSource) -> None:
    counted = Counted(source.tensors)
    encoder = TextEncoder(replace(source, tensors=counted))
    assert len(counted.reads) == len(set(counted.reads))
    kept = {weight.data_ptr() for weight in encoder._model.parameters()}
    assert kept <= {tensor.data_ptr() for tensor in source.tensors.values()}  # float32 already: not copied


def test_a_part_is_missing(source: TextSource) -> None:
    broken = changed(source, encoder__final_layer_norm__weight=None)
    with pytest.raises(UserError, match="lacks a part") as caught:
        TextEncoder(broken)
    assert caught.value.detail == "encoder.final_layer_norm.weight"


def test_a_part_of_another_size(source: TextSource) -> None:
    broken = changed(source, encoder__final_layer_norm__weight=torch.ones(7))
    with pytest.raises(UserError, match="of another size") as caught:
        TextEncoder(broken)
    assert caught.value.detail == "encoder.final_layer_norm.weight: (7,)"


def test_there_is_no_tokenizer(source: TextSource, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no tokenizer\.json in") as caught:
        TextEncoder(replace(source, tokenizer=tmp_path))
    assert str(tmp_path) in caught.value.title


def test_a_tokenizer_at_which_its_library_panics(source: TextSource, tokenizer: Path, tmp_path: Path) -> None:
    tokens = json.loads((tokenizer / "tokenizer.json").read_text())
    tokens["normalizer"] = {"type": "Precompiled", "precompiled_charsmap": "//////8="}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokens))
    with pytest.raises(UserError, match=r"tokenizer\.json in .* is broken"):
        TextEncoder(replace(source, tokenizer=tmp_path))


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff", None])
def test_a_broken_tokenizer(content: bytes | None, source: TextSource, tokenizer: Path, tmp_path: Path) -> None:
    whole = (tokenizer / "tokenizer.json").read_bytes()
    (tmp_path / "tokenizer.json").write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(UserError, match=r"tokenizer\.json in .* is broken") as caught:
        TextEncoder(replace(source, tokenizer=tmp_path))
    assert str(tmp_path) in caught.value.title


def test_the_tokenizer_of_another_model(source: TextSource) -> None:
    fewer_words = dict(source.config) | {"vocab_size": 40}
    table = source.tensors["shared.weight"][:40]
    other = replace(changed(source, shared__weight=table, encoder__embed_tokens__weight=table), config=fewer_words)
    with pytest.raises(UserError, match="belongs to another text encoder"):
        TextEncoder(other)
