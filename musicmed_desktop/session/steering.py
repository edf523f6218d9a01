"""Steering by ear: what was heard corrects what is asked for next, as a thermostat does."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan

RESPONSE = 0.3  # the share of a miss that the next step corrects
RETRY = 0.7  # the share of a miss that the next takes of the same step correct
VALENCE_SHARE = 0.5  # valence is heard less surely, and corrected by half as much
MOST = 0.35  # the furthest that the music is asked to lean


class Steering:
    """Leans the aim of each step against the misses heard so far.

    It never asks for a lower valence than the plan's lowest, nor for anything beyond the prescription's limits:
    music that fails to sound sad is not made sadder than the listener is.
    """

    def __init__(self, plan: Plan) -> None:
        self._limits = plan.prescription.limits
        self._lowest = min(point.valence for point in plan.path)
        self._valence = 0.0
        self._arousal = 0.0

    def aim(self, target: Affect) -> Affect:
        """What to ask an engine for, so that `target` is heard."""
        return self._leaning(target, self._valence, self._arousal)

    def again(self, target: Affect, aim: Affect, heard: Sequence[Affect]) -> Affect:
        """What to ask for instead of `aim`, after takes of the same step that were heard as `heard`."""
        valence = aim.valence + RETRY * VALENCE_SHARE * (target.valence - fmean(each.valence for each in heard))
        arousal = aim.arousal + RETRY * (target.arousal - fmean(each.arousal for each in heard))
        return self._leaning(target, _bounded(valence - target.valence), _bounded(arousal - target.arousal))

    def heard(self, target: Affect, measured: Affect) -> None:
        """Take note of what became of a step."""
        self._valence = _bounded(self._valence + RESPONSE * VALENCE_SHARE * (target.valence - measured.valence))
        self._arousal = _bounded(self._arousal + RESPONSE * (target.arousal - measured.arousal))

    def _leaning(self, target: Affect, valence: float, arousal: float) -> Affect:
        leaning = Affect.clipped(target.valence + valence, target.arousal + arousal)
        return self._limits.nearest(Affect(max(self._lowest, leaning.valence), leaning.arousal))


def _bounded(lean: float) -> float:
    return min(MOST, max(-MOST, lean))
