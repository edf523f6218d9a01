"""What was heard, kept clip by clip: whole on the disk, or not there."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError, field_validator

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.files import AudioWriter
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.disk import write_whole, writing
from musicmed_desktop.evaluation.values import Embedding, Heard, Item, Walk
from musicmed_desktop.evaluation.walking import Journey


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Clip(_Document):
    """`mark` is that of the clip's source."""

    item: Item
    mark: str
    measured: Affect
    clap_score: FiniteFloat | None
    clap_tags: tuple[str, ...]
    embedding: tuple[FiniteFloat, ...] | None


class _Walk(_Document):
    """What could not be measured is NaN, and null in the file."""

    journey: Journey
    walk: Walk

    @field_validator("walk", mode="before")
    @classmethod
    def _unmeasured(cls, walk: object) -> object:
        if isinstance(walk, dict):
            return {name: math.nan if value is None else value for name, value in walk.items()}
        return walk


class _Reference(_Document):
    mark: str
    embedding: tuple[FiniteFloat, ...]


_Kept = TypeVar("_Kept", bound=_Document)


class Shelf:
    """What is kept in one folder. What is damaged, or was heard of something else, is not there.

    With `sounds` the music is kept, too, and only with it is anything there. Raises UserError where the disk refuses.
    """

    def __init__(self, folder: Path, *, sounds: bool = False) -> None:
        self._folder = folder
        self._sounds = sounds
        with writing(folder):
            folder.mkdir(exist_ok=True)
            for left in folder.glob("*.part"):  # by a program that was killed
                left.unlink()

    def clip(self, item: Item, mark: str) -> Heard | None:
        kept = self._read(item.key, _Clip, with_sound=True)
        if kept is None or (kept.item, kept.mark) != (item, mark):
            return None
        embedding = None if kept.embedding is None else _unpacked(kept.embedding)
        return Heard(item, kept.measured, kept.clap_score, kept.clap_tags, embedding)

    def keep_clip(self, heard: Heard, mark: str, samples: Frames, rate: int) -> None:
        document = _Clip(
            item=heard.item,
            mark=mark,
            measured=heard.measured,
            clap_score=heard.clap_score,
            clap_tags=heard.clap_tags,
            embedding=None if heard.embedding is None else _packed(heard.embedding),
        )
        self._write(heard.item.key, document, (samples, rate))

    def walk(self, journey: Journey) -> Walk | None:
        kept = self._read(_name(journey), _Walk, with_sound=True)
        return kept.walk if kept and kept.journey == journey else None

    def keep_walk(self, journey: Journey, walk: Walk, samples: Frames, rate: int) -> None:
        self._write(_name(journey), _Walk(journey=journey, walk=walk), (samples, rate))

    def reference(self, name: str, mark: str) -> Embedding | None:
        kept = self._read(name, _Reference)
        return _unpacked(kept.embedding) if kept and kept.mark == mark else None

    def keep_reference(self, name: str, mark: str, embedding: Embedding) -> None:
        self._write(name, _Reference(mark=mark, embedding=_packed(embedding)))

    def _read(self, name: str, kind: type[_Kept], *, with_sound: bool = False) -> _Kept | None:
        if with_sound and self._sounds and not self._sound(name).is_file():
            return None
        try:
            return kind.model_validate_json((self._folder / f"{name}.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, name: str, document: _Document, sound: tuple[Frames, int] | None = None) -> None:
        """The sound first: it is what the document vouches for."""
        if sound and self._sounds:
            samples, rate = sound
            with AudioWriter(self._sound(name), rate, samples.shape[1], "flac") as writer:
                writer.write(samples)
        file = self._folder / f"{name}.json"
        with writing(file):
            write_whole(file, document.model_dump_json(indent=1).encode() + b"\n")

    def _sound(self, name: str) -> Path:
        return self._folder / f"{name}.flac"


def _name(journey: Journey) -> str:
    return f"walk-{journey.start}-{journey.target}-{journey.seed}"


def _packed(embedding: Embedding) -> tuple[float, ...]:
    return tuple(embedding.tolist())


def _unpacked(numbers: tuple[float, ...]) -> Embedding:
    return np.array(numbers, np.float32)
