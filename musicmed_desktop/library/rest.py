"""What is left of a session that was interrupted."""

from __future__ import annotations

from musicmed_desktop.library.interrupted import Interrupted
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.plan.detour import from_here
from musicmed_desktop.plan.path import vertex_shares


def rest(interrupted: Interrupted) -> Prescription:
    """From the point of the path that was heard last to the same target, for the minutes that are left.

    Where a bend of the path was passed, it is not walked to again. At least 2 minutes, so that the session can
    come to its end in music.
    """
    plan = build_plan(interrupted.prescription, seed=0)  # the path does not depend on the seed
    elapsed_s = max(0.0, interrupted.heard_s - interrupted.from_s)
    step = next((step for step in plan.steps if elapsed_s < step.end_s), plan.steps[-1])
    prescription = interrupted.prescription
    if step.progress >= vertex_shares(plan.path)[1]:
        prescription = prescription.model_copy(update={"path": "straight"})
    return from_here(prescription, step.target, elapsed_s)
