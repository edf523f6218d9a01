"""What there is to draw of a session: one value for a session that is being heard and for one that is kept."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan
from musicmed_desktop.session.curve import SUBDIVISIONS, smoothed, spline
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.circumplex.step import WalkStep


@dataclass(frozen=True)
class Walk:
    """The planned paths, one for each leg (a leg begins where the plan is made anew), and the steps, 1 or more."""

    paths: tuple[tuple[Affect, ...], ...]
    steps: tuple[WalkStep, ...]
    seconds: float

    @property
    def start(self) -> Affect:
        return self.paths[0][0]

    @property
    def target(self) -> Affect:
        return self.paths[-1][-1]

    @property
    def plateaus(self) -> Mapping[Affect, int]:
        """The targets, each once, and how many steps have it."""
        return Counter(step.target for step in self.steps)

    @cached_property
    def curve(self) -> tuple[Affect, ...]:
        """The way that the music takes: `SUBDIVISIONS` straight pieces from the middle of a step to the next.

        It runs through the means of neighbouring steps, so that the chance of one clip does not shake it.
        """
        means = smoothed([(step.heard.valence, step.heard.arousal) for step in self.steps])
        return tuple(Affect.clipped(*at) for at in spline(means))

    @cached_property
    def _middles(self) -> tuple[float, ...]:
        return tuple(step.middle_s for step in self.steps)

    def passed(self, position_s: float) -> int:
        """How many steps are heard to their middle or beyond."""
        return bisect_right(self._middles, position_s)

    def place(self, position_s: float) -> Affect:
        """Where the music is at a moment of the session; it moves along the curve without a jump."""
        pieces, share = self._along(position_s)
        here, there = self.curve[pieces], self.curve[min(pieces + 1, len(self.curve) - 1)]
        return here.towards(there, share)

    def trail(self, position_s: float, since: int = 0) -> tuple[Affect, ...]:
        """The curve up to a moment; without the part before the middle of step `since`."""
        pieces, _ = self._along(position_s)
        return (*self.curve[since * SUBDIVISIONS : pieces + 1], self.place(position_s))

    def share(self, position_s: float) -> float:
        """How much of the curve lies behind at a moment, 0 to 1."""
        pieces, share = self._along(position_s)
        return (pieces + share) / max(1, len(self.curve) - 1)

    def _along(self, position_s: float) -> tuple[int, float]:
        """The number of whole pieces of the curve behind that moment, and the share of the next one."""
        after = self.passed(position_s)
        if after == 0:
            return 0, 0.0
        if after == len(self.steps):
            return len(self.curve) - 1, 0.0
        before, behind = self._middles[after - 1], self._middles[after]
        pieces = SUBDIVISIONS * (after - 1 + (position_s - before) / (behind - before))
        return int(pieces), pieces % 1

    def step_at(self, position_s: float) -> WalkStep:
        """The step that sounds at that moment; the first and the last one beyond the ends."""
        return self.steps[max(0, bisect_right([step.start_s for step in self.steps], position_s) - 1)]

    def plateau(self, step: WalkStep) -> WalkStep:
        """All neighbours of `step` with the same target as one long step, which is not measured as such."""
        first = last = step.index
        while first > 0 and self.steps[first - 1].target == step.target:
            first -= 1
        while last + 1 < len(self.steps) and self.steps[last + 1].target == step.target:
            last += 1
        start_s = self.steps[first].start_s
        return replace(self.steps[first], start_s=start_s, duration_s=self.steps[last].end_s - start_s, measured=None)

    def with_measured(self, start_s: float, affect: Affect) -> Walk:
        """The walk with what was measured of the step that begins at `start_s` of the session."""
        at = min(self.steps, key=lambda step: abs(step.start_s - start_s)).index
        measured = replace(self.steps[at], measured=affect)
        return replace(self, steps=(*self.steps[:at], measured, *self.steps[at + 1 :]))

    def replanned(self, plan: Plan, start_s: float) -> Walk:
        """The walk that goes on after `plan` from `start_s` of the session; the step cut there is shortened."""
        kept = tuple(
            replace(step, duration_s=min(step.duration_s, start_s - step.start_s))
            for step in self.steps
            if step.start_s < start_s - 1e-6
        )
        steps = _steps_of(plan, first=len(kept), start_s=start_s)
        return Walk((*self.paths, plan.path), kept + steps, start_s + plan.seconds)


def walk_of_plan(plan: Plan) -> Walk:
    """What is known before the first sound."""
    return Walk((plan.path,), _steps_of(plan), plan.seconds)


def walk_of_record(record: SessionRecord) -> Walk:
    """What is known of a session that is kept; all its steps are measured."""
    steps = tuple(WalkStep.of_record(step, number) for number, step in enumerate(record.steps))
    paths = (record.path, *(change.path for change in record.changes if change.path))
    return Walk(tuple(tuple(point.affect for point in path) for path in paths), steps, record.audio.duration_s)


def _steps_of(plan: Plan, first: int = 0, start_s: float = 0.0) -> tuple[WalkStep, ...]:
    return tuple(WalkStep.of_plan(step, number, start_s) for number, step in enumerate(plan.steps, start=first))
