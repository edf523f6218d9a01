"""Steering by ear: what was heard corrects what is asked for next, as a thermostat does."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan

RESPONSE = 0.4  # the share of a miss that the next step corrects
VALENCE_RESPONSE = 0.2  # valence is heard less surely
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
        leaning = Affect.clipped(target.valence + self._valence, target.arousal + self._arousal)
        return self._limits.nearest(Affect(max(self._lowest, leaning.valence), leaning.arousal))

    def heard(self, target: Affect, measured: Affect) -> None:
        """Take note of what became of a step."""
        self._valence = _bounded(self._valence + VALENCE_RESPONSE * (target.valence - measured.valence))
        self._arousal = _bounded(self._arousal + RESPONSE * (target.arousal - measured.arousal))


def _bounded(lean: float) -> float:
    return min(MOST, max(-MOST, lean))
