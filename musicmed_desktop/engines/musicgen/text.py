"""The text encoder: T5 (Raffel et al. 2020, arXiv 1910.10683) turns a prompt into what the decoder listens to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import Module

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.musicgen.checkpoint import TextSource
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = "tokenizer.json"
MAX_TOKENS = 512  # T5 was trained on no more
# One table of words, which T5 knows by two names; it reads, and an adapter changes, the first.
_TABLE, _TABLE_AGAIN = "encoder.embed_tokens.weight", "shared.weight"
_REMEMBERED = 8  # prompts; a session asks for the same ones again and again


class TextEncoder:
    """T5 on the CPU in float32, whatever the type of the file. Nothing is fetched from anywhere.

    Raises UserError where the tokenizer or the weights cannot be used.
    """

    def __init__(self, source: TextSource) -> None:
        self._model = _read_model(source)
        self._tokenizer = read_tokenizer(source.tokenizer, len(self._model.get_parameter(_TABLE)))
        self._remembered = lru_cache(_REMEMBERED)(self._states)

    def encode(self, text: str) -> Tensor:
        """The states [L, text_hidden] of `text`, float32 on the CPU, cut after MAX_TOKENS. Not to be written into."""
        return self._remembered(text)

    @torch.no_grad()
    def _states(self, text: str) -> Tensor:
        tokens = torch.tensor([self._tokenizer.encode(text).ids])  # [1, L]; with no padding there is no mask
        states: Tensor = self._model(input_ids=tokens).last_hidden_state
        return states[0]


def empty_model(source: TextSource) -> Module:
    """The encoder without its weights, and without memory for them."""
    from transformers import T5Config, T5EncoderModel

    with torch.device("meta"):
        model: Module = T5EncoderModel(T5Config.from_dict(dict(source.config)))
    return model


def _read_model(source: TextSource) -> Module:
    model = empty_model(source)
    weights = {name: source.tensors[name].float() for name in _stored_names(model) if name in source.tensors}
    _check(model, weights)
    model.load_state_dict(weights | {_TABLE_AGAIN: weights[_TABLE]}, assign=True)
    return model.eval()


def _stored_names(model: Module) -> list[str]:
    return [name for name in model.state_dict() if name != _TABLE_AGAIN]


def _check(model: Module, weights: Mapping[str, Tensor]) -> None:
    for name in _stored_names(model):
        if name not in weights:
            raise _broken("lacks a part", name)
        if weights[name].shape != model.get_parameter(name).shape:
            raise _broken("has a part of another size than it says", f"{name}: {tuple(weights[name].shape)}")


def _broken(how: str, detail: str) -> UserError:
    return UserError(f"The model's text encoder {how}.", "Copy or download the model again.", detail)


def read_tokenizer(folder: Path, vocabulary: int) -> Tokenizer:
    """As the file has it; transformers' T5Tokenizer would take the vocabulary alone, and bring its own rules.

    Raises UserError where it is broken, or has words beyond the text encoder's `vocabulary`.
    """
    from tokenizers import Tokenizer

    path = folder / TOKENIZER
    hint = f"Copy or download the model again, with its {TOKENIZER}."
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"There is no {TOKENIZER} in {folder}.", hint, str(error)) from error
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        tokenizer = Tokenizer.from_str(content.decode())
    except BaseException as error:  # tokenizers raises nothing narrower, and lets Rust's PanicException through
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise UserError(f"The {TOKENIZER} in {folder} is broken.", hint, str(error)) from error
    if max(tokenizer.get_vocab().values(), default=0) >= vocabulary:
        raise UserError(f"The {TOKENIZER} in {folder} belongs to another text encoder.", hint)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer
