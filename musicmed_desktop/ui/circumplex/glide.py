"""A point that follows another one without a jump."""

from __future__ import annotations

import math

from musicmed_desktop.affect import Affect

TIME_CONSTANT_S = 0.25
ARRIVED = 0.002  # units; less than a pixel


class Glide:
    """Comes nearer to its goal by 63 % in every `TIME_CONSTANT_S`. Times are readings of one clock, in seconds."""

    def __init__(self, goal: Affect, now_s: float) -> None:
        self._goal = goal
        self._behind = (0.0, 0.0)  # how far it was from its goal, at `_since_s`
        self._since_s = now_s

    def follow(self, goal: Affect, now_s: float) -> None:
        """Go to `goal` from where the point is now."""
        here = self.at(now_s)
        self._behind = here.valence - goal.valence, here.arousal - goal.arousal
        self._goal, self._since_s = goal, now_s

    def at(self, now_s: float) -> Affect:
        left = math.exp(-(now_s - self._since_s) / TIME_CONSTANT_S)
        valence, arousal = self._behind
        if left * math.hypot(valence, arousal) < ARRIVED:
            return self._goal
        return Affect.clipped(self._goal.valence + left * valence, self._goal.arousal + left * arousal)

    def arrived(self, now_s: float) -> bool:
        return self.at(now_s) == self._goal
