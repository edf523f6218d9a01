"""What the dataset says of a piece of music."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Track:
    """A row of MTG-Jamendo's index, without the categories in front of the tags.

    `path` is the file's relative to the audio folder, as in "48/948.mp3".
    """

    id: str
    artist: str
    album: str
    path: str
    duration_s: float
    moods: tuple[str, ...]
    genres: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A track with its sound file."""

    track: Track
    file: Path


@dataclass(frozen=True)
class Excluded:
    """A track that cannot be used, and why, in a few words."""

    track: str  # its id
    path: str
    reason: str
