"""The instruments that the composer plays, named by their MTG-Jamendo tags.

Each instrument states how its tone goes on (`Tone`); the sampler shapes every sample to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["lead", "chords", "pad", "bass", "drums"]


@dataclass(frozen=True)
class Tone:
    """How a note sounds on: `drop_db` falls at once (within some 0.3 s), then `fade_db` each second; `release_s`
    after its end. Sustained tones have fade 0 and take their attack from the music."""

    drop_db: float
    fade_db: float
    release_s: float

    @property
    def sustained(self) -> bool:
        return self.fade_db == 0.0


STRUCK = Tone(drop_db=6.0, fade_db=7.0, release_s=0.35)
PLUCKED = Tone(drop_db=5.0, fade_db=11.0, release_s=0.25)
BELL = Tone(drop_db=8.0, fade_db=9.0, release_s=1.2)
BLOWN = Tone(drop_db=0.0, fade_db=0.0, release_s=0.18)
BOWED = Tone(drop_db=0.0, fade_db=0.0, release_s=0.35)
AIR = Tone(drop_db=0.0, fade_db=0.0, release_s=1.4)


@dataclass(frozen=True)
class Instrument:
    """`tag`: MTG-Jamendo's; `program`: General MIDI, -1 for drums; `low`, `high`: the range that sounds well."""

    tag: str
    program: int
    low: int
    high: int
    tone: Tone
    gain_db: float
    roles: tuple[Role, ...]


def _table() -> dict[str, Instrument]:
    rows = (
        Instrument("piano", 0, 33, 96, STRUCK, 0.0, ("lead", "chords", "bass")),
        Instrument("electricpiano", 4, 40, 88, STRUCK, -1.0, ("chords", "lead")),
        Instrument("rhodes", 4, 40, 88, STRUCK, -1.0, ("chords", "lead")),
        Instrument("keyboard", 5, 40, 88, STRUCK, -1.5, ("chords", "lead")),
        Instrument("bell", 14, 60, 96, BELL, -5.0, ("lead",)),
        Instrument("vibraphone", 11, 53, 89, BELL, -2.0, ("lead", "chords")),
        Instrument("celesta", 8, 60, 96, BELL, -3.0, ("lead", "chords")),
        Instrument("organ", 16, 40, 84, BLOWN, -6.0, ("pad", "chords")),
        Instrument("pipeorgan", 19, 36, 84, AIR, -7.0, ("pad",)),
        Instrument("accordion", 21, 53, 86, BLOWN, -5.0, ("lead", "chords")),
        Instrument("harmonica", 22, 60, 86, BLOWN, -4.0, ("lead",)),
        Instrument("classicalguitar", 24, 40, 79, PLUCKED, 0.0, ("chords", "lead")),
        Instrument("guitar", 25, 40, 81, PLUCKED, 0.0, ("chords", "lead")),
        Instrument("acousticguitar", 25, 40, 81, PLUCKED, 0.0, ("chords", "lead")),
        Instrument("electricguitar", 27, 40, 84, PLUCKED, -1.0, ("chords", "lead")),
        Instrument("doublebass", 32, 28, 55, PLUCKED, 2.0, ("bass",)),
        Instrument("acousticbassguitar", 32, 28, 55, PLUCKED, 2.0, ("bass",)),
        Instrument("bass", 33, 28, 55, PLUCKED, 2.0, ("bass",)),
        Instrument("synthbass", 38, 28, 55, Tone(3.0, 4.0, 0.15), 0.0, ("bass",)),
        Instrument("violin", 40, 58, 91, BOWED, -5.0, ("lead", "pad")),
        Instrument("viola", 41, 50, 82, BOWED, -5.0, ("lead", "pad")),
        Instrument("cello", 42, 36, 72, BOWED, -3.0, ("lead", "bass", "pad")),
        Instrument("harp", 46, 36, 93, PLUCKED, 0.0, ("chords", "lead")),
        Instrument("strings", 48, 43, 86, AIR, -4.0, ("pad", "lead")),
        Instrument("orchestra", 48, 43, 86, AIR, -4.0, ("pad",)),
        Instrument("trumpet", 56, 55, 82, BLOWN, -6.0, ("lead",)),
        Instrument("trombone", 57, 41, 70, BLOWN, -6.0, ("lead",)),
        Instrument("horn", 60, 41, 74, BOWED, -6.0, ("lead", "pad")),
        Instrument("brass", 61, 46, 77, BLOWN, -7.0, ("lead", "pad")),
        Instrument("saxophone", 65, 50, 81, BLOWN, -5.0, ("lead",)),
        Instrument("oboe", 68, 60, 86, BLOWN, -6.0, ("lead",)),
        Instrument("clarinet", 71, 52, 86, BLOWN, -5.0, ("lead",)),
        Instrument("flute", 73, 60, 93, BLOWN, -4.0, ("lead",)),
        Instrument("synthesizer", 88, 48, 88, AIR, -4.0, ("pad", "lead", "chords")),
        Instrument("pad", 89, 43, 84, AIR, -4.0, ("pad",)),
        Instrument("kalimba", 108, 55, 86, PLUCKED, 0.0, ("chords", "lead")),
        Instrument("drums", -1, 0, 127, STRUCK, 0.0, ("drums",)),
        Instrument("percussion", -1, 0, 127, STRUCK, 0.0, ("drums",)),
        Instrument("drummachine", -1, 0, 127, STRUCK, 0.0, ("drums",)),
        Instrument("bongo", -1, 0, 127, STRUCK, 0.0, ("drums",)),
    )
    return {row.tag: row for row in rows}


INSTRUMENTS = _table()
