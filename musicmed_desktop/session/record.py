"""The record of a session: what was asked, planned, played and measured (session.json)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from musicmed_desktop import __version__
from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan, Prescription
from musicmed_desktop.plan.step import Phase

SCHEMA_VERSION: Literal[1] = 1
SCHEMA_ID = "urn:musicmed-desktop:session:1"
SILENCE_LUFS = -70.0  # the absolute gate of BS.1770; softer sound has no loudness
SILENCE_DBTP = -120.0  # JSON has no infinity

Rounded = Annotated[float, AfterValidator(lambda value: round(value, 4))]
Seconds = Annotated[Rounded, Field(ge=0)]
# Why a session was planned anew: "I feel worse", "this is how I feel now", or it goes on after an interruption.
Reason = Literal["worse", "moved", "resumed"]
Loudness = Annotated[Rounded, Field(ge=SILENCE_LUFS, description="LUFS, ITU-R BS.1770; -70 is silence")]


class _Versioned(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Coordinates(_Document):
    """A point on the circumplex."""

    valence: Rounded = Field(ge=-1, le=1, description="unpleasant to pleasant")
    arousal: Rounded = Field(ge=-1, le=1, description="calm to activated")

    @classmethod
    def of(cls, affect: Affect) -> Coordinates:
        return cls(valence=affect.valence, arousal=affect.arousal)

    @property
    def affect(self) -> Affect:
        return Affect(self.valence, self.arousal)


class Tool(_Document):
    """A part of the program that took part, and its version."""

    name: str
    version: str


class Audio(_Document):
    """The sound file, which lies beside the record."""

    path: str = Field(description="file name, relative to the record")
    sample_rate: int = Field(gt=0, description="Hz")
    channels: int = Field(ge=1)
    duration_s: Seconds
    loudness_lufs: Loudness
    true_peak_dbtp: Rounded = Field(ge=SILENCE_DBTP, description="dBTP, ITU-R BS.1770; -120 is silence")


class StepRecord(_Document):
    """One step: what it should convey, how it was asked for, and how it turned out."""

    index: int = Field(ge=0)
    start_s: Seconds = Field(description="where the step begins in the sound file")
    duration_s: Seconds
    phase: Phase
    progress: Rounded = Field(ge=0, le=1, description="share of the planned path at which the target lies")
    mood: str
    target: Coordinates
    aim: Coordinates = Field(description="what the engine was asked for, leaning against the misses heard before")
    measured: Coordinates
    heard: dict[str, Rounded] = Field(description="the recognizer's own attributes")
    prompt: str
    genre: str
    instruments: tuple[str, ...]
    tempo: str
    loudness_lufs: Loudness
    tries: int = Field(ge=1, description="how many clips were made, of which the nearest was kept")
    seed: int = Field(ge=0)


class Change(_Document):
    """What the listener asked for in the middle of the session, and what was planned for the rest of it."""

    at_s: Seconds = Field(description="where in the sound file the new plan begins, and the one before ends")
    reason: Reason = Field(
        description="worse: calm at once; moved: on from how the listener felt then; resumed: on after an interruption"
    )
    felt: Coordinates
    prescription: Prescription
    path: tuple[Coordinates, ...] = Field(
        description="corners of the new path, from start to target; none where it was overtaken before it was heard"
    )
    seed: int = Field(ge=0)


class SessionRecord(_Document):
    """A session of music medicine: a sound file that walks from one mood to another, and how it came about."""

    schema_version: Literal[1] = SCHEMA_VERSION
    application: Tool
    engine: Tool
    recognizer: Tool
    seed: int = Field(ge=0)
    shortened: bool = Field(description="the session was stopped before the planned end")
    prescription: Prescription
    path: tuple[Coordinates, ...] = Field(description="corners of the planned path, from start to target")
    audio: Audio
    steps: tuple[StepRecord, ...]
    changes: tuple[Change, ...] = Field(
        default=(), exclude_if=lambda changes: not changes, description="absent where the first plan held to the end"
    )

    def to_json(self) -> str:
        return self.model_dump_json(indent=2) + "\n"


def session_record(
    plan: Plan,
    engine: _Versioned,
    recognizer: _Versioned,
    audio: Audio,
    steps: Sequence[StepRecord],
    shortened: bool,
    changes: Sequence[Change] = (),
) -> SessionRecord:
    """The record of a session that began with `plan`."""
    return SessionRecord(
        application=Tool(name="musicmed-desktop", version=__version__),
        engine=Tool(name=engine.name, version=engine.version),
        recognizer=Tool(name=recognizer.name, version=recognizer.version),
        seed=plan.seed,
        shortened=shortened,
        prescription=plan.prescription,
        path=tuple(map(Coordinates.of, plan.path)),
        audio=audio,
        steps=tuple(steps),
        changes=tuple(changes),
    )


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of session.json: resources/schemas/session.schema.json."""
    schema = SessionRecord.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
