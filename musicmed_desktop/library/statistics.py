"""What many sessions tell together: how often, how long, and how the listener left compared with how they came."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean, median

from musicmed_desktop.library.entry import Entry, Shift


@dataclass(frozen=True)
class Month:
    """The sessions that began in a month; `mean` is None where the listener never said how they felt after."""

    start: date  # its first day
    sessions: int
    said_after: int
    mean: Shift | None


@dataclass(frozen=True)
class Summary:
    """Shifts go from before to after, over the sessions of which the listener said both (`said_after`).

    `nearer` is the share, 0 to 1, of those that ended nearer to the wished feeling than they began, among those that
    did not begin there. Shares and shifts are None where there is nothing to count. `engines` are sorted by how
    often they made the music, `months` by time, those without a session left out.
    """

    sessions: int
    minutes: float
    first: datetime | None
    last: datetime | None
    said_after: int
    mean: Shift | None
    median: Shift | None
    nearer: float | None
    shortened: int
    felt_worse: int
    favourites: int
    engines: tuple[tuple[str, int], ...]
    months: tuple[Month, ...]


def summary(entries: Iterable[Entry]) -> Summary:
    """The summary of these sessions, in any order. Days and months are those on the clock of each session."""
    found = sorted(entries, key=lambda entry: entry.started)
    changes = [entry.change for entry in found]
    shifts = _said(changes)
    return Summary(
        sessions=len(found),
        minutes=round(sum(entry.seconds for entry in found) / 60, 1),
        first=found[0].started if found else None,
        last=found[-1].started if found else None,
        said_after=len(shifts),
        mean=_middle(shifts, fmean),
        median=_middle(shifts, median),
        nearer=_nearer(found),
        shortened=sum(entry.shortened for entry in found),
        felt_worse=sum(bool(entry.worse_at_s) for entry in found),
        favourites=sum(entry.favourite for entry in found),
        engines=tuple(Counter(entry.engine for entry in found).most_common()),
        months=_months(found, changes),
    )


def _said(changes: Iterable[Shift | None]) -> list[Shift]:
    return [change for change in changes if change is not None]


def _middle(shifts: Sequence[Shift], middle: Callable[[Sequence[float]], float]) -> Shift | None:
    if not shifts:
        return None
    valence, arousal = middle([shift.valence for shift in shifts]), middle([shift.arousal for shift in shifts])
    return Shift(round(valence, 4), round(arousal, 4))


def _nearer(entries: Iterable[Entry]) -> float | None:
    ways = [
        (entry.before.distance(entry.wished), entry.after.distance(entry.wished))
        for entry in entries
        if entry.after is not None and entry.before != entry.wished
    ]
    return round(sum(after < before for before, after in ways) / len(ways), 4) if ways else None


def _months(entries: Iterable[Entry], changes: Iterable[Shift | None]) -> tuple[Month, ...]:
    grouped: defaultdict[tuple[int, int], list[Shift | None]] = defaultdict(list)
    for entry, change in zip(entries, changes, strict=True):
        grouped[entry.started.year, entry.started.month].append(change)
    return tuple(_month(date(*month, 1), grouped[month]) for month in sorted(grouped))


def _month(start: date, changes: Sequence[Shift | None]) -> Month:
    shifts = _said(changes)
    return Month(start, len(changes), len(shifts), _middle(shifts, fmean))
