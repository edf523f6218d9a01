"""What a sound file says of itself to whoever gets it.

It leaves the house, so it tells what the session was called, which moods the music walks between, the day, and what
made the music. The listener's notes, what they felt afterwards and when they felt worse are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.export.cover import cover_png
from musicmed_desktop.session.record import SessionRecord


@dataclass(frozen=True)
class Tags:
    """`date` is a day, 2026-05-03, or empty; `cover` is a PNG of SIDE x SIDE pixels, or empty."""

    title: str
    artist: str = "MusicMed Desktop"
    album: str = "Music medicine"
    date: str = ""
    comment: str = ""
    cover: bytes = b""


def tags_of(entry: Entry, record: SessionRecord | None) -> Tags:
    """What a copy of this session says; without its `record` there is no cover."""
    return Tags(
        title=_line(entry.title),
        date=f"{entry.started:%Y-%m-%d}",
        comment=f"{_walk(entry)} Music made by a computer: {_makers(entry, record)}.",
        cover=b"" if record is None else cover_png(record),
    )


def _walk(entry: Entry) -> str:
    start, target = _line(entry.start_word), _line(entry.target_word)
    return f"From {start} to {target}." if start != target else f"Staying {start}."


def _makers(entry: Entry, record: SessionRecord | None) -> str:
    if record is None:
        return f"MusicMed Desktop, {_line(entry.engine)}"
    application, engine = record.application, record.engine
    return _line(f"MusicMed Desktop {application.version}, {engine.name} {engine.version}")


def _line(text: str) -> str:
    """`text` on one line that every format can hold: no control characters, no halves of UTF-16 pairs."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
