"""What a session was, in the words that a person would use."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from musicmed_desktop.affect import Affect
from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.library import Entry, Shift
from musicmed_desktop.library.trash import TRASH_DAYS
from musicmed_desktop.library.wording import DAYS, MONTHS, NOT_SAID, WAYS, change_words
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.engine_words import engine_words
from musicmed_desktop.ui.kit import clock, minutes_words


def day_words(day: date, today: date) -> str:
    """ "Today", "Yesterday", "Tuesday" within a week, "3 Sep" within the year, else "3 Sep 2023"."""
    ago = (today - day).days
    if ago in (0, 1):
        return ("Today", "Yesterday")[ago]
    if 1 < ago < 7:
        return DAYS[day.weekday()]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def when(started: datetime, now: datetime) -> str:
    """The day and the time of day, on the clock of this computer: "Yesterday, 20:15"."""
    local = started.astimezone()
    return f"{day_words(local.date(), now.astimezone().date())}, {local:%H:%M}"


def feeling(point: Affect | None) -> str:
    """The nearest word for a feeling."""
    return NOT_SAID if point is None else word_near(point)


def facts(entry: Entry, now: datetime) -> tuple[str, ...]:
    """When, how long and what made the music."""
    length = minutes_words(entry.seconds) + (", ended early" if entry.shortened else "")
    return when(entry.started, now), length, engine_words(entry.engine)


def sentence(entry: Entry, now: datetime) -> str:
    """The whole row, for those who hear it."""
    parts = [entry.title, when(entry.started, now), minutes_words(entry.seconds), f"afterwards: {outcome(entry)}"]
    more = ("favourite" if entry.favourite else "", gone_words(entry, now))
    return ", ".join([*parts, *filter(None, more)])


def outcome(entry: Entry) -> str:
    """ "worried, then calm: calmer, brighter"; "not said" where the listener did not say."""
    if entry.after is None:
        return NOT_SAID
    return f"{feeling(entry.before)}, then {feeling(entry.after)}: {change_words(entry.change)}"


def gone_words(entry: Entry, now: datetime) -> str:
    """How long a deleted session can be brought back."""
    if entry.deleted is None:
        return ""
    days = math.ceil((entry.deleted + timedelta(days=TRASH_DAYS) - now).total_seconds() / 86400)
    return f"Removed for good in {days} days" if days > 1 else "Removed for good within a day"


def worse(entry: Entry) -> str:
    """The moments at which the listener felt worse; empty where there were none."""
    moments = [clock(second) for second in entry.worse_at_s]
    return f"You felt worse at {listed(moments)}." if moments else ""


def overview(entries: Sequence[Entry], span: str) -> str:
    """What the picture of the weeks shows, in a sentence that begins with `span`: "In the last 4 weeks"."""
    shifts = [shift for entry in entries if (shift := entry.change) is not None]
    count = "1 session" if len(entries) == 1 else f"{len(entries) or 'no'} sessions"
    said = f", after {len(shifts)} of which you said how you felt" if 0 < len(shifts) < len(entries) else ""
    left = f"; you {_common_way(shifts)}" if shifts else ""
    return f"{span}, {count}{said}{left}."


def _common_way(shifts: Sequence[Shift]) -> str:
    """How the listener left after more than half of these sessions."""
    said = Counter(map(change_words, shifts))  # few differ, also among thousands

    def often(word: str) -> bool:
        return sum(count for words, count in said.items() if word in words) * 2 > len(shifts)

    mostly = "mostly left" if len(shifts) > 1 else "left"
    ways = [word for word in WAYS if often(word)]
    if ways:
        return f"{mostly} {listed(ways)} than you came"
    return f"{mostly} about as you came" if often("about the same") else "left now in one way, now in another"
