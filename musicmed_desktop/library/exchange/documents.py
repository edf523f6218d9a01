"""JSON that anybody may have written: what must hold before a model is let at it. Whatever is wrong is a ValueError."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from musicmed_desktop.errors import UserError

_DEPTH = 20  # sections within sections; a record has 5
_LARGEST = 2**63  # of a whole number
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


class Document(BaseModel):
    """Frozen and strict: no field more, none of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Model = TypeVar("Model", bound=BaseModel)


def read_document(content: bytes, newest: int = 1) -> dict[str, Any]:
    """One JSON object without surprises: no name twice, no number that is none, nothing deep, no half letters.

    Raises ValueError; UserError where its schema version is later than `newest`.
    """
    try:
        document = json.loads(content.decode(), object_pairs_hook=_once)
    except RecursionError as error:
        raise ValueError("its sections lie too deep") from error
    if not isinstance(document, dict):
        raise ValueError("it is no object")
    _check(document)
    refuse_newer(document.get("schema_version"), newest)
    return document


def parsed(model: type[Model], document: dict[str, Any]) -> Model:
    """The document as a `model`; control characters, which could speak to a terminal, are left out of all texts.

    Raises ValueError.
    """
    with explained():
        return model.model_validate_json(json.dumps(_without_controls(document)))


@contextmanager
def explained() -> Iterator[None]:
    """A model refuses in few words, and without those of the listener, which nobody wants in a report."""
    try:
        yield
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        reasons = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found[:5]]
        raise ValueError("; ".join(reasons)) from None


def refuse_newer(version: object, newest: int) -> None:
    """Raises UserError where `version` is a number that only a later program knows."""
    if isinstance(version, int) and version > newest:
        hint = "Update MusicMed Desktop, then open the file again."
        raise UserError("This file was made with a newer version of MusicMed Desktop.", hint, f"schema {version}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name is there twice")
    return values


def _check(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
        for value in level:
            _check_plain(value)
    if level:
        raise ValueError("its sections lie too deep")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _check_plain(value: Any) -> None:
    if isinstance(value, str):
        value.encode()  # raises UnicodeEncodeError, a ValueError, for half a pair of UTF-16 units
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    elif isinstance(value, int) and abs(value) >= _LARGEST:
        raise ValueError("a number has too many digits")


def _without_controls(value: Any) -> Any:
    if isinstance(value, dict):
        return {_without_controls(key): _without_controls(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_controls(inner) for inner in value]
    return value.translate(_CONTROLS) if isinstance(value, str) else value
