"""The course of a session: what is planned, and how far the making has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from musicmed_desktop.plan import Plan
from musicmed_desktop.session.events import Replanned, StepMeasured, StepStarted, StepStored
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_plan
from musicmed_desktop.ui.session.state import Making

Told = StepStarted | StepMeasured | StepStored | Replanned


@dataclass(frozen=True)
class Course:
    """`plan` is the one that holds now, from `start_s` of the session on; `walk` is the whole session's."""

    plan: Plan
    start_s: float
    walk: Walk
    making: Making

    @classmethod
    def of(cls, plan: Plan) -> Course:
        """Before the first sound."""
        return cls(plan, 0.0, walk_of_plan(plan), Making(1, len(plan.steps)))

    def after(self, event: Told) -> Course:
        count = len(self.plan.steps)
        if isinstance(event, Replanned):
            walk = self.walk.replanned(event.plan, event.start_s)
            return Course(event.plan, event.start_s, walk, Making(1, len(event.plan.steps)))
        if isinstance(event, StepStarted):
            return replace(self, making=Making(event.step.index + 1, count))
        if isinstance(event, StepMeasured):
            walk = self.walk.with_measured(self.start_s + event.step.start_s, event.measurement.affect)
            making = Making(count, count, complete=True) if event.step.index + 1 == count else self.making
            return replace(self, walk=walk, making=making)
        return self
