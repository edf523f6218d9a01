"""Steering by ear: what was heard corrects what is asked for next, as a thermostat does."""

from __future__ import annotations

from musicmed_desktop.affect import Affect

_RESPONSE = 0.4  # the share of a miss that the next step corrects
_MOST = 0.35  # the furthest that the music is asked to lean


class Steering:
    """Leans the aim against the misses heard so far, valence half as much: it is heard less surely."""

    def __init__(self) -> None:
        self._valence = 0.0
        self._arousal = 0.0

    def aim(self, target: Affect) -> Affect:
        return Affect.clipped(target.valence + self._valence, target.arousal + self._arousal)

    def heard(self, target: Affect, measured: Affect) -> None:
        miss_v, miss_a = target.valence - measured.valence, target.arousal - measured.arousal
        self._valence = _bounded(self._valence + 0.5 * _RESPONSE * miss_v)
        self._arousal = _bounded(self._arousal + _RESPONSE * miss_a)


def _bounded(lean: float) -> float:
    return min(_MOST, max(-_MOST, lean))
