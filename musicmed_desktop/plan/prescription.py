"""What is asked: the prescription, a document that a listener, a therapist or a program writes."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan.fields import A_POINT, Genre, Instrument, Point, RefusedError, number
from musicmed_desktop.plan.palette import is_solo_piano
from musicmed_desktop.plan.path import PathStyle

SCHEMA_VERSION = 1


class _Document(BaseModel):
    """A description of a field completes the sentence "it must be ..." of its error message."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _once_each(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


class Palette(_Document):
    """What the listener wants to hear; an empty list leaves the choice to the planner."""

    instruments: Annotated[tuple[Instrument, ...], AfterValidator(_once_each)] = Field(
        default=(), max_length=12, description="a list of at most 12 instruments"
    )
    genres: Annotated[tuple[Genre, ...], AfterValidator(_once_each)] = Field(
        default=(), max_length=5, description="a list of at most 5 genres"
    )

    @model_validator(mode="before")
    @classmethod
    def _solo_piano(cls, data: Any) -> Any:
        """A genre to a listener, but a genre and an instrument to the data."""
        genres = data.get("genres") if isinstance(data, dict) else None
        asked = isinstance(genres, list | tuple) and any(is_solo_piano(genre) for genre in genres)
        return {**data, "instruments": ["piano"]} if asked and data.get("instruments", []) == [] else data


class Shares(_Document):
    """How a session is divided into meeting the mood, walking, and resting at the target."""

    match: Annotated[float, number(0, 1, "a number from 0 to 1")] = 0.25
    transition: Annotated[float, number(0, 1, "a number from 0 to 1")] = 0.55
    settle: Annotated[float, number(0, 1, "a number from 0 to 1")] = 0.20

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.match + self.transition + self.settle
        if abs(total - 1) > 1e-6:
            raise RefusedError(f"match, transition and settle must add up to 1, not to {total:.4g}.")
        return self


class Waypoint(_Document):
    """A point that the therapist wants passed exactly, reached at the share `at` of the session."""

    point: Point = Field(description=A_POINT)
    at: Annotated[float, number(0, 1, "a share of the session from 0 to 1")]


class Limits(_Document):
    """How far down and out the music may go, and how long it may be unpleasant.

    Start and target are moved to the nearest allowed point; a waypoint beyond the limits is an error.
    `negative_minutes` below 1 allows no negative valence at all; without it the music leaves negative valence
    within 10 minutes, unless it has an unpleasant target or waypoints to keep to.
    """

    lowest_valence: Annotated[float, number(-1, 0, "a valence from -1 to 0")] = -1.0
    greatest_intensity: Annotated[float, number(0.1, 1.5, "a distance from neutral from 0.1 to 1.5")] = 1.5
    negative_minutes: Annotated[float, number(0, 60, "a number of minutes from 0 to 60")] | None = Field(
        default=None, description="a number of minutes from 0 to 60, or null"
    )

    def nearest(self, point: Affect) -> Affect:
        """`point` itself where it is allowed, else moved up in valence and then toward neutral."""
        never_negative = self.negative_minutes is not None and self.negative_minutes < 1
        raised = Affect(max(point.valence, 0.0 if never_negative else self.lowest_valence), point.arousal)
        excess = raised.intensity / self.greatest_intensity
        return Affect(raised.valence / excess, raised.arousal / excess) if excess > 1 else raised


class Prescription(_Document):
    """A session as it is asked for. A point may be written as a mood word, a pair or an object."""

    schema_version: Annotated[int, Field(strict=True, ge=1, le=SCHEMA_VERSION, description="1")] = SCHEMA_VERSION
    start: Point = Field(description=A_POINT)
    target: Point = Field(description=A_POINT)
    minutes: Annotated[float, number(1, 60, "a number of minutes from 1 to 60")] = 15.0
    palette: Palette = Field(default=Palette(), description="an object of the lists instruments and genres")
    path: PathStyle = Field(default="auto", description="one of auto, straight, arousal_first and by_way_of_calm")
    shares: Shares = Field(default=Shares(), description="an object with match, transition and settle")
    waypoints: tuple[Waypoint, ...] = Field(
        default=(), max_length=20, description="a list of at most 20 objects with point and at"
    )
    limits: Limits = Field(
        default=Limits(),
        description="an object with lowest_valence, greatest_intensity and negative_minutes",
    )
    note: str = Field(default="", max_length=2000, description="a text of at most 2000 letters")

    @model_validator(mode="after")
    def _waypoints_agree(self) -> Self:
        for waypoint in self.waypoints:
            if self.limits.nearest(waypoint.point) != waypoint.point:
                raise RefusedError(
                    f"The waypoint at {waypoint.at:.0%} lies beyond the limits.",
                    "Move the waypoint or widen the limits.",
                )
        if any(a.at >= b.at for a, b in pairwise(self.waypoints)):
            raise RefusedError("The waypoints must be in the order in which they are reached.")
        return self

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) that resources/schemas/prescription.schema.json publishes.

        It lists names in their usual spelling; a prescription may differ in case, spaces and hyphens.
        """
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **cls.model_json_schema()}
