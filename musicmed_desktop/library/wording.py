"""How a listener left, compared with how they came, in the words that a person would use."""

from __future__ import annotations

from musicmed_desktop.library.entry import Shift

NOTICED = 0.15  # a shift of less, on either axis, is not worth a word
CLEAR, GREAT = 0.35, 0.8  # from here on it is more than a little, and much
NOT_SAID = "not said"
WAYS = ("calmer", "quieter", "livelier", "more restless", "brighter", "heavier")

# English whatever the system's language, like all else in the program.
# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
# fmt: on
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def change_words(shift: Shift | None) -> str:
    """ "calmer, a little brighter"; the greater change first."""
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
