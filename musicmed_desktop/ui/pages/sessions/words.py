"""What a session was, in the words that a person would use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from musicmed_desktop.affect import Affect
from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.library import Entry, Shift
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.engine_words import engine_words
from musicmed_desktop.ui.kit import clock, minutes_words

NOTICED = 0.15  # a shift of less, on either axis, is not worth a word
CLEAR, GREAT = 0.35, 0.8  # from here on it is more than a little, and much
NOT_SAID = "not said"

# English whatever the system's language, like all else in the window.
# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
# fmt: on
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WAYS = ("calmer", "quieter", "livelier", "more restless", "brighter", "heavier")


def day_words(day: date, today: date) -> str:
    """ "Today", "Yesterday", "Tuesday" within a week, "3 Sep" within the year, else "3 Sep 2023"."""
    ago = (today - day).days
    if ago in (0, 1):
        return ("Today", "Yesterday")[ago]
    if 1 < ago < 7:
        return _DAYS[day.weekday()]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def when(started: datetime, now: datetime) -> str:
    """The day and the time of day, on the clock of this computer: "Yesterday, 20:15"."""
    local = started.astimezone()
    return f"{day_words(local.date(), now.astimezone().date())}, {local:%H:%M}"


def change_words(shift: Shift | None) -> str:
    """How the listener left, compared with how they came: "calmer, a little brighter"."""
    if shift is None:
        return NOT_SAID
    parts = [(abs(amount), word) for amount, word in _directions(shift) if abs(amount) >= NOTICED]
    parts.sort(key=lambda part: -part[0])
    return ", ".join(_degree(amount) + word for amount, word in parts) or "about the same"


def _directions(shift: Shift) -> tuple[tuple[float, str], tuple[float, str]]:
    """Where things became less pleasant, nobody calls more arousal lively, nor less of it calm."""
    darker = shift.valence <= -NOTICED
    livelier, calmer = ("more restless", "quieter") if darker else ("livelier", "calmer")
    brightness = "heavier" if shift.valence < 0 else "brighter"
    return (shift.arousal, livelier if shift.arousal > 0 else calmer), (shift.valence, brightness)


def _degree(amount: float) -> str:
    if amount < CLEAR:
        return "a little "
    return "much " if amount >= GREAT else ""


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
    return ", ".join([*parts, "favourite"] if entry.favourite else parts)


def outcome(entry: Entry) -> str:
    """ "worried, then calm: calmer, brighter"; "not said" where the listener did not say."""
    if entry.after is None:
        return NOT_SAID
    return f"{feeling(entry.before)}, then {feeling(entry.after)}: {change_words(entry.change)}"


def worse(entry: Entry) -> str:
    """The moments at which the listener felt worse; empty where there were none."""
    moments = [clock(second) for second in entry.worse_at_s]
    return f"You felt worse at {listed(moments)}." if moments else ""


def overview(entries: Sequence[Entry], span: str) -> str:
    """What the picture of the weeks shows, in a sentence that begins with `span`: "In the last 4 weeks"."""
    shifts = [entry.change for entry in entries if entry.change is not None]
    count = "1 session" if len(entries) == 1 else f"{len(entries) or 'no'} sessions"
    said = f", after {len(shifts)} of which you said how you felt" if 0 < len(shifts) < len(entries) else ""
    left = f"; you {_common_way(shifts)}" if shifts else ""
    return f"{span}, {count}{said}{left}."


def _common_way(shifts: Sequence[Shift]) -> str:
    """How the listener left after more than half of these sessions."""
    said = [change_words(shift) for shift in shifts]

    def often(word: str) -> bool:
        return sum(word in words for words in said) * 2 > len(said)

    mostly = "mostly left" if len(shifts) > 1 else "left"
    ways = [word for word in _WAYS if often(word)]
    if ways:
        return f"{mostly} {listed(ways)} than you came"
    return f"{mostly} about as you came" if often("about the same") else "left now in one way, now in another"
