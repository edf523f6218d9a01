"""What somebody would like to hear: minutes, instruments, style."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.plan.palette import spoken
from musicmed_desktop.settings import Settings

MINUTES = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0)

# What the built-in composer plays well, by the names that the planner knows.
INSTRUMENTS = (
    "piano",
    "acousticguitar",
    "harp",
    "strings",
    "violin",
    "cello",
    "flute",
    "clarinet",
    "saxophone",
    "vibraphone",
    "kalimba",
    "electricpiano",
)
STYLES = {
    "": "Any style",
    "ambient": "Soft and floating",
    "solo piano": "Solo piano",
    "acoustic": "Acoustic",
    "lo-fi": "Laid-back",
    "cinematic": "Film music",
    "jazz": "Jazz",
    "electronic": "Electronic",
}


@dataclass(frozen=True)
class Hearing:
    """`minutes` 1 to 60; no instruments and "" leave the choice to the app."""

    minutes: float = 15.0
    instruments: tuple[str, ...] = ()
    genre: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Hearing:
        """As last time."""
        return cls(settings.minutes, settings.instruments, settings.genre)

    def summary(self) -> str:
        """As in "15 minutes, any style, piano and harp."."""
        instruments = listed(map(spoken, self.instruments)) if self.instruments else "any instruments"
        return f"{minutes_label(self.minutes)}, {style_label(self.genre).lower()}, {instruments}."


def minutes_label(minutes: float) -> str:
    return "1 minute" if minutes == 1 else f"{minutes:g} minutes"


def style_label(genre: str) -> str:
    return STYLES.get(genre, spoken(genre))


def instrument_label(tag: str) -> str:
    name = spoken(tag)
    return name[:1].upper() + name[1:]
