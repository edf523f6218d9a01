"""What the library knows of a session, apart from its course and its sound."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.session.record import SessionRecord


class Shift(NamedTuple):
    """How far a feeling moved, -2 to 2 on each axis; positive is more pleasant, more activated."""

    valence: float
    arousal: float


@dataclass(frozen=True)
class Entry:
    """One session in the list.

    `id` is the same in every library that the session comes to. `started` has its time zone; `seconds` is the
    length of the music; `worse_at_s` are the moments, in seconds, at which the listener felt worse. `after` is None
    until the listener has said it, `deleted` where the session is not in the trash. `maker` is what the engine said
    of itself (model, adapter, device), `sound_device` the name of what played ("" is the system's choice).
    Raises ValueError for what no session can have.
    """

    id: str
    title: str
    started: datetime
    seconds: float
    start_word: str
    target_word: str
    before: Affect
    wished: Affect
    engine: str
    shortened: bool
    after: Affect | None = None
    note: str = ""
    favourite: bool = False
    maker: str = ""
    worse_at_s: tuple[float, ...] = ()
    underruns: int = 0
    sound_device: str = ""
    deleted: datetime | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds >= 0 and self.underruns >= 0):
            raise ValueError(f"{self.seconds} s and {self.underruns} underruns are no session")
        if self.started.tzinfo is None:
            raise ValueError("the time zone is missing")

    @classmethod
    def of(cls, id: str, started: datetime, record: SessionRecord, before: Affect | None = None) -> Entry:
        """What the record of a session tells; the rest is the listener's to add.

        `before` is how the listener felt where that differs from where the music began, as limits may want it.
        """
        felt, wished = before or record.prescription.start, record.prescription.target
        start, target = feeling_word(felt), feeling_word(wished)
        return cls(
            id=id,
            title=f"From {start} to {target}" if start != target else f"Staying {start}",
            started=started,
            seconds=record.audio.duration_s,
            start_word=start,
            target_word=target,
            before=felt,
            wished=wished,
            engine=record.engine.name,
            shortened=record.shortened,
            worse_at_s=tuple(change.at_s for change in record.changes if change.reason == "worse"),
        )

    @property
    def change(self) -> Shift | None:
        """From before to after, where the listener has said both."""
        if self.after is None:
            return None
        return Shift(
            round(self.after.valence - self.before.valence, 4), round(self.after.arousal - self.before.arousal, 4)
        )

    def changed(self, **values: Any) -> Entry:
        """This entry with other `values`; ValueError where one is not allowed."""
        return replace(self, **values)


def feeling_word(felt: Affect) -> str:
    """The nearest word for a feeling."""
    return nearest(felt, count=1, kind="feeling")[0].word
