"""The kinds of field that a prescription has: points, tags, and numbers with a range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from typing_extensions import TypeAliasType

from musicmed_desktop.affect import Affect, mood, moods
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.cooccurrence import TagKind
from musicmed_desktop.plan.palette import names, tag_of

T = TypeVar("T")

A_POINT = "a mood word, or valence and arousal from -1 to 1 such as [-0.6, 0.7]"


class RefusedError(ValueError):
    """A UserError on its way through pydantic, which carries on ValueErrors alone."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title, self.hint = title, hint


def _refusing(look_up: Callable[[str], T], name: str) -> T:
    try:
        return look_up(name)
    except UserError as error:
        raise RefusedError(error.title, error.hint) from None


def _point(value: object) -> Affect:
    """The point, its coordinates rounded to a millionth: nobody feels less, and legs of a path stay sound."""
    if isinstance(value, Affect):
        return Affect(_coordinate(value.valence), _coordinate(value.arousal))
    if isinstance(value, str):
        return _refusing(mood, value).affect
    if isinstance(value, dict) and value.keys() == {"valence", "arousal"}:
        return Affect(_coordinate(value["valence"]), _coordinate(value["arousal"]))
    if isinstance(value, list | tuple) and len(value) == 2:
        return Affect(_coordinate(value[0]), _coordinate(value[1]))
    raise ValueError("neither a word nor a point")


def _coordinate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise ValueError("not a number from -1 to 1")
    return round(float(value), 6) + 0.0  # no -0.0


def _point_schema() -> dict[str, Any]:
    coordinate = {"type": "number", "minimum": -1, "maximum": 1}
    both = {"valence": coordinate, "arousal": coordinate}
    return {
        "description": A_POINT,
        "anyOf": [
            {"type": "string", "enum": [mood.word for mood in moods()]},
            {"type": "array", "items": coordinate, "minItems": 2, "maxItems": 2},
            {"type": "object", "properties": both, "required": [*both], "additionalProperties": False},
        ],
    }


Point = TypeAliasType(
    "Point",
    Annotated[
        Affect,
        BeforeValidator(_point),
        PlainSerializer(lambda point: {"valence": point.valence, "arousal": point.arousal}),
        WithJsonSchema(_point_schema()),
    ],
)


def _reader(kind: TagKind) -> BeforeValidator:
    """Turns any name of a tag into the tag."""

    def read(value: object) -> object:
        return _refusing(lambda name: tag_of(kind, name), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _names_schema(kind: TagKind) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": sorted({*names(kind)})})


Instrument = TypeAliasType("Instrument", Annotated[str, _reader("instrument"), _names_schema("instrument")])
Genre = TypeAliasType("Genre", Annotated[str, _reader("genre"), _names_schema("genre")])


def number(lowest: float, greatest: float, description: str) -> Any:
    """A finite number, and not the text of one; `description` completes the sentence "it must be ..."."""
    return Field(strict=True, ge=lowest, le=greatest, allow_inf_nan=False, description=description)
