"""From affect to musical cues.

Cues are linear and additive (Eerola, Friberg, Bresin 2013). The weights of tempo (as density), level, articulation,
register and attack are least squares over the performers' means of Bresin and Friberg 2011, with happy, scary,
neutral, peaceful and sad placed at (.8, .5), (-.6, .7), (0, 0), (.6, -.6) and (-.7, -.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect

SLOWEST_BPM, FASTEST_BPM = 60.0, 136.0  # two bars of 4/4 at 60 last 8 s: a clip's length is met within 4 s


@dataclass(frozen=True)
class Cues:
    """What to play for an affect.

    `mode`: 0 Phrygian to 5 Lydian, real: what lies between two modes is shared between them. `density`: melody notes
    per second. `register`: MIDI note around which the melody moves. `level_db` relative to neutral. `legato`: the
    sounding share of a note's time. `attack_s`: onset time of sustained notes. `dissonance`, `percussion`,
    `brightness` (of timbre): 0 to 1.
    """

    bpm: float
    mode: float
    density: float
    register: float
    level_db: float
    legato: float
    attack_s: float
    dissonance: float
    percussion: float
    brightness: float


def cues_for(affect: Affect) -> Cues:
    v, a = affect.valence, affect.arousal
    articulation = 1.35 + 0.25 * v + 1.21 * a  # above 1 staccato
    return Cues(
        bpm=_clip(91.0 + 41.0 * a, SLOWEST_BPM, FASTEST_BPM),
        mode=_clip(2.35 + 2.4 * v, 0.0, 4.25),  # mostly Ionian when happy, a touch of Lydian
        density=_clip(3.17 + 0.80 * v + 2.45 * a, 0.7, 6.0),
        register=_clip(72.3 + 7.7 * v - 1.6 * a, 62.0, 81.0),
        level_db=_clip(4.6 * v + 14.4 * a, -12.0, 12.0) * 0.6,  # the rest is the master's share
        legato=_clip(1.3 - 0.3 * articulation, 0.5, 1.05),
        attack_s=_clip(0.235 - 0.135 * v - 0.10 * a, 0.05, 0.40),
        dissonance=_clip(0.10 - 0.45 * v + 0.30 * a, 0.0, 1.0),
        percussion=_clip(0.40 + 0.72 * a, 0.0, 1.0),
        brightness=_clip(0.50 + 0.45 * a, 0.05, 1.0),
    )


def _clip(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
