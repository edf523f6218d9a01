"""The record of a session: what was asked, planned, played and measured (session.json)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Prescription
from musicmed_desktop.plan.step import Phase

SCHEMA_VERSION: Literal[1] = 1
SCHEMA_ID = "urn:musicmed-desktop:session:1"
SILENCE_LUFS = -70.0  # the absolute gate of BS.1770; softer sound has no loudness
SILENCE_DBTP = -120.0  # JSON has no infinity

Rounded = Annotated[float, AfterValidator(lambda value: round(value, 4))]
Seconds = Annotated[Rounded, Field(ge=0)]
Loudness = Annotated[Rounded, Field(ge=SILENCE_LUFS, description="LUFS, ITU-R BS.1770; -70 is silence")]


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

    def to_json(self) -> str:
        return self.model_dump_json(indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of session.json: resources/schemas/session.schema.json."""
    schema = SessionRecord.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
