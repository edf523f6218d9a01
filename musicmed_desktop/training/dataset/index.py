"""MTG-Jamendo's indexes: tab-separated, a track a line, its tags in as many fields as it has tags."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from musicmed_desktop.affect import moods
from musicmed_desktop.affect.spelling import did_you_mean, quoted
from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.dataset.track import Track

HEADER = ("TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS")
# The dataset's 59 mood and theme tags; its splits do without ambiental, horror and mellow.
TAGS = tuple(sorted({mood.word for mood in moods() if mood.kind == "tag"} | {"ambiental", "horror", "mellow"}))

_KNOWN = frozenset(TAGS)
_CATEGORIES = ("mood/theme", "genre", "instrument")
_ID = re.compile(r"track_[0-9]{1,12}")
_PATH = re.compile(r"(?:[^/\\:]+/)*[^/\\:]+")  # 48/948.mp3; neither absolute nor with a drive
_LONGEST_LINE = 100_000  # bytes; those of the dataset have a few hundred
_HINT = "Download it anew from https://github.com/MTG/mtg-jamendo-dataset."


def read_index(path: Path) -> tuple[Track, ...]:
    """The tracks of an index or of a part of a split, in its order.

    Raises UserError where the file cannot be read or is something else, and names the line that it does not understand,
    as one with an unknown mood tag, a track that an earlier line has, or a path that leaves the folder.
    """
    tracks: dict[str, Track] = {}
    for number, line in _lines(path):
        try:
            track = _track(line)
        except _NotUnderstoodError as error:
            raise UserError(f"Line {number} of {path} {error}.", error.hint or _HINT, quoted(line)) from None
        if track.id in tracks:
            raise UserError(f"Line {number} of {path} has {track.id}, which an earlier line has, too.", _HINT)
        tracks[track.id] = track
    return tuple(tracks.values())


def joined(tracks: Iterable[Track], *others: Iterable[Track]) -> tuple[Track, ...]:
    """The tracks, in their order, with the genres and instruments that the other indexes tell of them."""
    found = tuple(tracks)
    for other in others:
        known = {track.id: track for track in other}
        found = tuple(_merged(track, known[track.id]) if track.id in known else track for track in found)
    return found


def _merged(track: Track, other: Track) -> Track:
    genres, instruments = _once(track.genres + other.genres), _once(track.instruments + other.instruments)
    return replace(track, genres=genres, instruments=instruments)


class _NotUnderstoodError(ValueError):
    """What is wrong with a line: the end of a sentence that begins with its number."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines below the header, numbered as an editor does; of a file with another header nothing more is read."""
    try:
        with path.open("rb") as file:
            header = _text(file.readline(_LONGEST_LINE)).removeprefix("\ufeff")
            if tuple(header.split("\t")) != HEADER:
                raise UserError(
                    f"{path} is not an index of MTG-Jamendo.",
                    f"Its first line would have {', '.join(HEADER)}, with tabs between them.",
                    f"Line 1: {quoted(header)}",
                )
            yield from ((number, _text(line)) for number, line in enumerate(file, start=2) if line.strip())
    except OSError as error:
        raise unreadable(path, error) from error


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r\n")  # what is not UTF-8 is nothing that the dataset says


def _track(line: str) -> Track:
    id, artist, album, path, duration, *tags = _fields(line)
    if not _ID.fullmatch(id):
        raise _NotUnderstoodError(f"does not begin with a track's id, as track_0000948, but with {quoted(id)}")
    categories: dict[str, list[str]] = {category: [] for category in _CATEGORIES}
    for field in tags:
        category, _, tag = field.partition("---")
        if category not in categories or not tag.isalnum():
            raise _NotUnderstoodError(f"has a tag that is none of the dataset's: {quoted(field)}")
        categories[category].append(tag)
    words, genres, instruments = (_once(found) for found in categories.values())
    for word in words:
        _check_mood(word)
    return Track(id, artist, album, _checked_path(path), _seconds(duration), words, genres, instruments)


def _fields(line: str) -> list[str]:
    fields = line.split("\t")
    if len(fields) < len(HEADER):
        raise _NotUnderstoodError(f"has {len(fields)} fields, where a track has at least {len(HEADER)}")
    return fields


def _check_mood(word: str) -> None:
    if word not in _KNOWN:
        hint = f"{did_you_mean(word, TAGS)} Correct the line, or use the index as it is published.".strip()
        raise _NotUnderstoodError(f"has {quoted(word)}, which is none of the dataset's {len(TAGS)} mood tags", hint)


def _checked_path(path: str) -> str:
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise _NotUnderstoodError(f"has a path that does not stay in the folder of the sound files: {quoted(path)}")
    return path


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.0 < seconds < math.inf:
        raise _NotUnderstoodError(f"has a duration that is no number of seconds: {quoted(text)}")
    return seconds


def _once(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))
