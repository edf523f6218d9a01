"""A session on its way to another library, and what holds for every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from musicmed_desktop.library.entry import Entry
from musicmed_desktop.session.folder import PICTURE, SCORE, SOUNDS
from musicmed_desktop.session.record import Audio, SessionRecord

SUFFIX = ".musicmed"
SOUND = SOUNDS["flac"]
FILES = (SOUND, PICTURE, SCORE)

LONGEST_S = 90 * 60.0  # a session is planned for an hour at most; "I feel worse" may add to it
LENGTH_SLACK_S = 0.05  # between two statements of the same length; records round to 0.1 ms
_RATES = range(4_000, 96_001)  # Hz
_STEPS, _CHANGES, _CORNERS = 500, 200, 5_000  # 2 steps a minute make 180; more would take seconds to draw


@dataclass(frozen=True)
class Parcel:
    """One session: what the listener knows of it, its record, and its `files` by name.

    Of session.flac, trajectory.svg and session.mid any may be missing. Raises ValueError for other names.
    """

    entry: Entry
    record: SessionRecord
    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if others := sorted({*self.files} - {*FILES}):
            raise ValueError(f"{others} are no files of a session")


def check_record(record: SessionRecord) -> None:
    """Raises ValueError where no session of this program can have such a record."""
    _check_audio(record.audio)
    paths = [record.path, *(change.path for change in record.changes)]
    if not record.path or sum(map(len, paths)) > _CORNERS:
        raise ValueError("the path has no corners, or far too many")
    if not 1 <= len(record.steps) <= _STEPS or len(record.changes) > _CHANGES:
        raise ValueError(f"{len(record.steps)} steps and {len(record.changes)} changes are no session")
    moments = [*(step.start_s + step.duration_s for step in record.steps), *(each.at_s for each in record.changes)]
    if max(moments) > LONGEST_S:
        raise ValueError(f"a step or a change at {max(moments):.0f} s")


def check_fit(entry: Entry, record: SessionRecord) -> None:
    """Raises ValueError where the two tell of different sessions."""
    if abs(entry.seconds - record.audio.duration_s) > LENGTH_SLACK_S:
        raise ValueError(f"the entry lasts {entry.seconds} s, the record {record.audio.duration_s} s")
    if (entry.engine, entry.shortened) != (record.engine.name, record.shortened):
        raise ValueError("the entry and the record tell of different sessions")


def _check_audio(audio: Audio) -> None:
    if audio.path != SOUND:
        raise ValueError("the record names another sound file")
    if audio.sample_rate not in _RATES or audio.channels > 2 or audio.duration_s > LONGEST_S:
        raise ValueError(f"{audio.duration_s} s of {audio.channels} channels at {audio.sample_rate} Hz")
