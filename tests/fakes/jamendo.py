"""MTG-Jamendo in miniature, in the published layout: the built-in composer makes the music from the mood tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
import soxr

from musicmed_desktop.affect import mood
from musicmed_desktop.engines.base import ClipContext
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.plan.prompts import prompt
from musicmed_desktop.plan.step import Step

HEADER = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS"
SPLITS = 5
_FIRST_ID = 948
_SHORTEST_S = 5.0  # that the composer can make a piece of; shorter ones are its beginning

# Tags of a quadrant's tracks, which take turns: moods, genre, instruments.
_PIECES = {
    "excitement": (
        (("happy", "energetic"), "pop", ("guitar", "drums")),
        (("upbeat", "fun", "fast"), "jazz", ("piano", "bass", "drums")),
    ),
    "distress": ((("dark", "heavy"), "soundtrack", ("strings", "cello")), (("drama",), "orchestral", ("strings",))),
    "depression": ((("sad",), "classical", ("piano",)), (("melancholic", "sad", "slow"), "", ("cello", "piano"))),
    "contentment": (
        (("calm", "relaxing"), "ambient", ("piano", "strings")),
        (("soft", "meditative", "slow"), "newage", ("flute", "harp", "strings", "pad")),
    ),
}


@dataclass(frozen=True)
class _Piece:
    """A track to be."""

    number: int
    moods: tuple[str, ...]
    genre: str
    instruments: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.id % 100:02}/{self.id}.mp3"

    @property
    def id(self) -> int:
        return _FIRST_ID + self.number

    def row(self, seconds: float, category: str, tags: Iterable[str]) -> str:
        head = (f"track_{self.id:07}", f"artist_{self.number:06}", f"album_{self.number:06}")
        return "\t".join((*head, self.path, f"{seconds:.1f}", *(f"{category}---{tag}" for tag in tags)))


def miniature(folder: Path, tracks_per_quadrant: int = 2, seconds: float = 8.0, seed: int = 0) -> Path:
    """Write the dataset into `folder`, and return it: `data/` with indexes and five splits, `audio/48/948.mp3` etc.

    Each split trains on `tracks_per_quadrant` tracks of each quadrant, and validates and tests on one more of each.
    The first track is stereo at 44.1 kHz, the others are mono at 32 kHz, which is quick to encode.
    """
    quadrants = _pieces(tracks_per_quadrant + 2)
    pieces = [piece for quadrant in quadrants for piece in quadrant]
    for piece in pieces:
        file = folder / "audio" / piece.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_mp3(piece, seconds, seed))
    _write_indexes(folder / "data" / "{}.tsv", pieces, seconds)
    for split in range(SPLITS):
        for part, chosen in _split(quadrants, split).items():
            _write_indexes(folder / "data" / "splits" / f"split-{split}" / f"{{}}-{part}.tsv", chosen, seconds)
    return folder


def _pieces(per_quadrant: int) -> list[list[_Piece]]:
    numbers = iter(range(len(_PIECES) * per_quadrant))
    return [
        [_Piece(next(numbers), *pieces[turn % len(pieces)]) for turn in range(per_quadrant)]
        for pieces in _PIECES.values()
    ]


def _split(quadrants: list[list[_Piece]], split: int) -> dict[str, list[_Piece]]:
    parts: dict[str, list[_Piece]] = {"train": [], "validation": [], "test": []}
    for pieces in quadrants:
        first = split % len(pieces)
        *train, validation, test = pieces[first:] + pieces[:first]
        parts["train"] += train
        parts["validation"].append(validation)
        parts["test"].append(test)
    return parts


def _write_indexes(pattern: Path, pieces: Sequence[_Piece], seconds: float) -> None:
    """As the dataset has them: a track without tags of a category is not in its index; lines end with CRLF."""
    indexes = {
        "moodtheme": [piece.row(seconds, "mood/theme", piece.moods) for piece in pieces],
        "genre": [piece.row(seconds, "genre", [piece.genre]) for piece in pieces if piece.genre],
        "instrument": [piece.row(seconds, "instrument", piece.instruments) for piece in pieces],
    }
    pattern.parent.mkdir(parents=True, exist_ok=True)
    for name, rows in indexes.items():
        file = pattern.with_name(pattern.name.format(f"autotagging_{name}"))
        file.write_bytes("".join(f"{line}\r\n" for line in (HEADER, *rows)).encode())


@cache
def _composer() -> BuiltinEngine:
    return BuiltinEngine()


@cache
def _mp3(piece: _Piece, seconds: float, seed: int) -> bytes:
    """The music, composed once a process."""
    word = piece.moods[0]
    target = mood(word).affect
    words = prompt(piece.moods, piece.genre, piece.instruments)
    step = Step(0, 0.0, seconds, target, 0.0, "match", word, words)
    context = ClipContext(seed * 1000 + piece.number, max(seconds, _SHORTEST_S), 0.0, final=True, leaving=target)
    rate = _composer().sample_rate
    samples = np.concatenate(list(_composer().stream(step, context, lambda: False)))[: round(seconds * rate)]
    if piece.number:
        samples, rate = soxr.resample(samples.mean(axis=1), rate, 32000, quality="MQ"), 32000
    file = BytesIO()
    soundfile.write(file, samples, rate, format="MP3")
    return file.getvalue()
