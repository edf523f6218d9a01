"""The bars and phrases of a clip: how many, how fast, and what they should convey."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.cues import Cues, cues_for
from musicmed_desktop.engines.builtin.piece import BEATS

ARRIVES_AT = 0.5  # the share of a clip in which the music moves to the clip's affect; then it stays
_TEMPO_STEP = 0.04  # a bar's tempo differs from its neighbour's by 4 %, by more only where a clip must cross far
_ENDING_S = (4.0, 9.0)  # the last chord rings for this long


@dataclass(frozen=True)
class PlayedBar:
    bpm: float
    affect: Affect
    cues: Cues

    @property
    def seconds(self) -> float:
        return BEATS * 60.0 / self.bpm


def lay_bars(leaving: Affect, arriving: Affect, bpm: float, seconds: float) -> list[PlayedBar]:
    """An even number of bars that last `seconds` as nearly as possible, moving from one affect to the other."""
    bars = _endless(leaving, arriving, bpm, seconds)
    counts = range(2, len(bars) + 1, 2)
    return bars[: min(counts, key=lambda n: abs(_length(bars[:n]) - seconds))]


def lay_last_bars(leaving: Affect, arriving: Affect, bpm: float, seconds: float) -> tuple[list[PlayedBar], float]:
    """The bars of the last clip, and the seconds for which its last chord rings; together exactly `seconds`."""
    wanted = seconds - sum(_ENDING_S) / 2.0
    bars = lay_bars(leaving, arriving, bpm, wanted)
    ending = min(max(seconds - _length(bars), _ENDING_S[0]), _ENDING_S[1], seconds / 2.0)
    stretch = (seconds - ending) / _length(bars)
    return [replace(bar, bpm=bar.bpm / stretch) for bar in bars], ending


def phrase_lengths(bars: int) -> list[int]:
    """Phrases of four bars; two bars that are left over make the last one longer."""
    fours, rest = divmod(bars, 4)
    lengths = [4] * fours
    if rest and lengths:
        lengths[-1] += rest
    return lengths or [rest]


def _endless(leaving: Affect, arriving: Affect, bpm: float, seconds: float) -> list[PlayedBar]:
    bars: list[PlayedBar] = []
    step = max(_TEMPO_STEP, _needed_step(bpm, cues_for(arriving).bpm, seconds))
    now = 0.0
    while now < seconds + 10.0:
        way = min(1.0, now / (ARRIVES_AT * seconds))
        affect = leaving.towards(arriving, way * way * (3.0 - 2.0 * way))
        cues = cues_for(affect)
        bpm = min(max(cues.bpm, bpm * (1.0 - step)), bpm * (1.0 + step))
        bars.append(PlayedBar(bpm, affect, cues))
        now += bars[-1].seconds
    return bars


def _needed_step(leaving_bpm: float, arriving_bpm: float, seconds: float) -> float:
    """The share by which each bar must differ from the one before for the tempo to arrive with the affect."""
    bars = ARRIVES_AT * seconds / (BEATS * 60.0 / math.sqrt(leaving_bpm * arriving_bpm))
    return abs(math.log(arriving_bpm / leaving_bpm)) / max(1.0, bars - 1.0)


def _length(bars: list[PlayedBar]) -> float:
    return sum(bar.seconds for bar in bars)
