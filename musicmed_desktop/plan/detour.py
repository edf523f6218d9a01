"""What the rest of a session becomes when the listener says how they feel in the midst of it."""

from __future__ import annotations

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.planner import build_plan
from musicmed_desktop.plan.prescription import Prescription, Waypoint

CALM_LEAST_MIN = 3.0
REST_LEAST_MIN = 2.0


def calm_now(prescription: Prescription, elapsed_s: float) -> Prescription:
    """Calm at once and until the end, for the rest of the minutes or CALM_LEAST_MIN.

    It neither meets the mood nor passes waypoints: whoever feels worse is not walked any further. Palette, limits
    and note are kept.
    """
    calm = prescription.limits.nearest(mood("calm").affect)
    return Prescription(
        start=calm,
        target=calm,
        minutes=_rest(prescription, elapsed_s, CALM_LEAST_MIN),
        palette=prescription.palette,
        path="straight",
        shares=prescription.shares,
        limits=prescription.limits,
        note=prescription.note,
    )


def from_here(prescription: Prescription, felt: Affect, elapsed_s: float) -> Prescription:
    """From `felt` to the same target, for the rest of the minutes or REST_LEAST_MIN.

    Waypoints that are still to come keep their moments; where the rest is too short for all of them, the next ones
    are left out. A target of negative valence that the limits no longer allow so soon is raised to neutral valence.
    What `prescription` could be planned for, the result can be planned for.
    """
    minutes = _rest(prescription, elapsed_s, REST_LEAST_MIN)
    waypoints = _still_to_come(prescription, elapsed_s, minutes)
    lifted = Affect(max(0.0, prescription.target.valence), prescription.target.arousal)
    fields = prescription.model_dump(exclude={"start", "target", "minutes", "waypoints"})
    candidates = [
        *((prescription.target, waypoints[first:]) for first in range(len(waypoints) + 1)),
        (lifted, ()),
    ]
    rests = (
        Prescription(start=felt, target=target, minutes=minutes, waypoints=left, **fields)
        for target, left in candidates
    )
    return next(filter(_can_be_planned, rests))


def _rest(prescription: Prescription, elapsed_s: float, least: float) -> float:
    return round(max(least, prescription.minutes - max(0.0, elapsed_s) / 60), 2)


def _still_to_come(prescription: Prescription, elapsed_s: float, minutes: float) -> tuple[Waypoint, ...]:
    """The waypoints behind `elapsed_s`, at their shares of the `minutes` that are left; one for each share."""
    moments = ((each.at * prescription.minutes - elapsed_s / 60, each.point) for each in prescription.waypoints)
    shares = {min(1.0, round(moment / minutes, 6)): point for moment, point in moments if moment > 0}
    return tuple(Waypoint(point=point, at=at) for at, point in shares.items())


def _can_be_planned(prescription: Prescription) -> bool:
    try:
        build_plan(prescription, seed=0)
    except UserError:
        return False
    return True
