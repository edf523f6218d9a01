"""What the pages are told of a session."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.session.check_in import CheckIn


@dataclass(frozen=True)
class Making:
    """How far the making is: part `step` (from 1) of `count`; `complete` when all is made."""

    step: int
    count: int
    complete: bool = False


@dataclass(frozen=True)
class Ended:
    """How a session ended. `entry` is what the library keeps of it, None where nothing was worth keeping.

    `waits`: something of it is stored all the same, and is offered again when the next session begins.
    `unheard`: no sound device could be opened, so that it has not even begun; `error` says why.
    """

    check_in: CheckIn
    entry: Entry | None
    record: SessionRecord | None
    shortened: bool
    error: UserError | None = None
    unheard: bool = False
    waits: bool = False
