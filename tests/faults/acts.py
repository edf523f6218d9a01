"""What a child does to a library until it ends or is killed; each thing is announced only after it is said to be safe.

An announcement is a line of JSON on standard output. What the program has a sentence for is announced as `sorry`;
all else ends in a traceback.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted, Library, LibraryRecording
from musicmed_desktop.plan import Plan, build_plan
from musicmed_desktop.session.events import SessionFailed, SessionFinished, StepStored
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.recordings import walk
from tests.faults.refusing import note_word

STARTED = datetime(2026, 5, 3, 12, 0, 0, tzinfo=UTC)
WORDS = "anxious to calm"


def say(**facts: Any) -> None:
    os.write(1, f"{json.dumps(facts)}\n".encode())
    note_word()


def perform(act: str, *arguments: Any) -> None:
    """Do it; what the program has a sentence for is announced."""
    try:
        ACTS[act](*arguments)
    except UserError as error:
        _sorry(error)


def record(folder: str, minutes: float) -> None:
    """A session of `minutes` from its start to its end."""
    library = Library(Path(folder))
    with library.recording(STARTED, WORDS) as recording:
        say(began=recording.id)
        _play(library, walk(minutes=minutes), recording)


def resume(folder: str, id: str) -> None:
    """The rest of an interrupted session."""
    library = Library(Path(folder))
    prescription, recording = library.resume(_interrupted(library, id))
    with recording:
        say(began=id)
        _play(library, build_plan(prescription, seed=8), recording)


def keep(folder: str, id: str) -> None:
    library = Library(Path(folder))
    say(early=id)  # it will be shorter than it was planned
    library.keep(_interrupted(library, id))
    say(kept=id)


def throw_away(folder: str, id: str) -> None:
    library = Library(Path(folder))
    library.throw_away(_interrupted(library, id))
    say(gone=id)


def change(folder: str, id: str, title: str, note: str) -> None:
    Library(Path(folder)).change(id, title=title)
    say(title=title)
    Library(Path(folder)).change(id, note=note)
    say(note=note)


def purge(folder: str, id: str) -> None:
    """Into the trash, and out of it for good."""
    library = Library(Path(folder))
    library.delete(id)
    say(deleted=id)
    library.purge(days=0)
    say(gone=id)


def settle(folder: str) -> None:
    """What the app does at its start."""
    library = Library(Path(folder))
    library.settle()
    say(left=[each.id for each in library.interrupted()])


def retitle(folder: str, id: str) -> None:
    """Title after title, until it is killed."""
    library = Library(Path(folder))
    for number in count(1):
        library.change(id, title=f"Title {number}")
        say(title=number)


def _interrupted(library: Library, id: str) -> Interrupted:
    return next(each for each in library.interrupted() if each.id == id)


def _play(library: Library, plan: Plan, recording: LibraryRecording) -> None:
    """Each clip is announced as (number, frames, hash), as soon as the session tells that it is stored."""
    told = 0
    for event in SessionRunner(plan, ToneEngine(), ToneRecognizer(), recording, tries=1).run():
        if isinstance(event, StepStored):
            for clip in library.collection.index.clips(recording.id)[told:]:
                say(clip=(clip.number, clip.frames, clip.sha256))
                told = clip.number + 1
        elif isinstance(event, SessionFinished):
            say(kept=recording.id)
        elif isinstance(event, SessionFailed):
            _sorry(event.error)


def _sorry(error: UserError) -> None:
    say(sorry=error.title, hint=error.hint, detail=error.detail)


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (record, resume, keep, throw_away, change, purge, settle, retitle)
}
