"""What makes thirty clips one piece: a style, two motifs, a key plan, and where the music stands."""

from __future__ import annotations

import random
from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.cues import cues_for
from musicmed_desktop.engines.builtin.motif import Motif, invent
from musicmed_desktop.engines.builtin.orchestra import Orchestra, orchestrate
from musicmed_desktop.engines.builtin.styles import Style, style_for
from musicmed_desktop.engines.builtin.voicing import Voicing
from musicmed_desktop.plan.step import Step

BEATS = 4  # quarter notes in a bar
PHRASES_PER_KEY = 10
_KEY_PLANS = (
    (0, 7, 0, 5),
    (0, 5, 0, 7),
    (0, 9, 0, 5),
    (0, 3, 0, 7),
)  # semitones from home; home lies between


@dataclass(frozen=True)
class Piece:
    """What stays for the whole session; `home` is a pitch class."""

    style: Style
    home: int
    motifs: tuple[Motif, Motif]
    key_plan: tuple[int, ...]

    def tonic(self, phrase: int) -> int:
        place = (phrase // PHRASES_PER_KEY) % len(self.key_plan)
        return (self.home + self.key_plan[place]) % 12


@dataclass(frozen=True)
class State:
    """Where the music stands at the end of a clip: the affect that it plays, its tempo, key and last chord."""

    piece: Piece
    orchestra: Orchestra
    aim: Affect
    bpm: float
    tonic: int
    phrase: int = 0
    chords: Voicing = ()
    pad: Voicing = ()


def begin(seed: int, step: Step, leaving: Affect) -> State:
    """Invent the piece that a session's seed stands for."""
    rng = random.Random(f"piece {seed}")
    style = style_for(step.prompt.genre)
    piece = Piece(
        style=style,
        home=rng.randrange(12),
        motifs=(invent(rng, BEATS), invent(rng, BEATS)),
        key_plan=rng.choice(_KEY_PLANS),
    )
    orchestra = orchestrate(style, step.prompt.instruments)
    return State(piece, orchestra, leaving, cues_for(leaving).bpm, piece.home)
