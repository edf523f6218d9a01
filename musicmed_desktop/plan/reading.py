"""Prescriptions from files and from other programs; whatever is wrong becomes one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from musicmed_desktop.affect.spelling import did_you_mean, listed, quoted
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.fields import RefusedError
from musicmed_desktop.plan.prescription import (
    SCHEMA_VERSION,
    Limits,
    Palette,
    Prescription,
    Shares,
    Waypoint,
)

MAX_BYTES = 1_000_000  # a prescription has about one thousand

_PARTS: dict[str, type[BaseModel]] = {
    "palette": Palette,
    "shares": Shares,
    "waypoints": Waypoint,
    "limits": Limits,
}
_MODELS: tuple[type[BaseModel], ...] = (Prescription, *_PARTS.values())
_ALLOWED = {name: field.description for model in _MODELS for name, field in model.model_fields.items()}


def load_prescription(path: Path) -> Prescription:
    """The prescription in a JSON file; UserError says what is wrong with the file or with what it holds."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"The prescription {path} cannot be read: {error.strerror or error}.",
            "Give the path of a JSON file.",
        ) from error
    if len(raw) > MAX_BYTES:
        raise UserError(f"{path} is too large for a prescription.", "Give the path of a JSON file.")
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"The prescription {path} is not in UTF-8.", "Save it as UTF-8 text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UserError(
            f"The prescription {path} is not valid JSON at {where}.", "Mend it there.", error.msg
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
        raise UserError(f"The prescription {path} is not valid JSON.", "Write it anew.", str(error)) from error
    return parse_prescription(document)


def parse_prescription(document: Mapping[str, Any]) -> Prescription:
    """The prescription that a JSON document holds; UserError names the first wrong field and what it may be.

    A document of a later schema version is refused as such.
    """
    version = document.get("schema_version") if isinstance(document, Mapping) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise UserError(
            f"This prescription has schema version {version}; I read version {SCHEMA_VERSION}.",
            "Install a newer MusicMed Desktop, or write the prescription for this version.",
        )
    try:
        return Prescription.model_validate(document)
    except ValidationError as error:
        problems = [_refusal(details) for details in error.errors(include_url=False)]
        first, *others = problems
        raise UserError(first.title, first.hint, " ".join(map(str, others))) from None


def _refusal(details: ErrorDetails) -> UserError:
    place = _place(details["loc"])
    refused = details.get("ctx", {}).get("error")
    if isinstance(refused, RefusedError):
        return UserError(f"In {place}: {refused.title}" if details["loc"] else refused.title, refused.hint)
    name = next((str(key) for key in reversed(details["loc"]) if key in _ALLOWED), "")
    if details["type"] == "extra_forbidden":
        return _unknown_field(details["loc"])
    allowed = f"It must be {_ALLOWED.get(name, 'an object with at least start and target')}."
    if details["type"] == "missing":
        return UserError(f"{place} is missing.", allowed)
    return UserError(f"{place} cannot be {_shown(details['input'])}.", allowed)


def _place(loc: tuple[int | str, ...]) -> str:
    """The field as its author knows it, in quotes, counting from 1: `"waypoints 2: at"`."""
    if not loc:
        return "The prescription"
    text = "".join(f" {key + 1}" if isinstance(key, int) else f": {key}" for key in loc)
    return quoted(text.removeprefix(": "))


def _unknown_field(loc: tuple[int | str, ...]) -> UserError:
    model = _PARTS.get(str(loc[0]), Prescription) if len(loc) > 1 else Prescription
    known = [*model.model_fields]
    hint = did_you_mean(str(loc[-1]), known) or f"The fields there are {listed(known)}."
    return UserError(f"{_place(loc)} is not a field of a prescription.", hint)


def _shown(value: object) -> str:
    """What stood in the document, short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
