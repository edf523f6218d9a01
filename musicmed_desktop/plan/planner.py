"""From what is asked to what will be played: the steps of a session along its path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from random import Random
from typing import Any

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.path import Path, iso_path, point_at, vertex_shares
from musicmed_desktop.plan.prescription import Prescription
from musicmed_desktop.plan.prompts import write_prompts
from musicmed_desktop.plan.schedule import Slot, anchored, hurried, schedule
from musicmed_desktop.plan.step import Prompt, Step

STEP_SECONDS = 30.0
# Most minutes of negative valence where the prescription sets no limit: prolonged sad music deepened depressed
# moods (Garrido and Schubert), so that what meets a mood in a short session must not grow with a long one.
NEGATIVE_MINUTES = 10.0


@dataclass(frozen=True)
class Plan:
    """A whole session: steps that tile it without a gap, and the path that their targets lie on."""

    prescription: Prescription
    seed: int
    path: Path
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        return self.steps[-1].end_s


def build_plan(prescription: Prescription, seed: int) -> Plan:
    """The plan for a prescription; the same seed gives the same plan.

    UserError where the session is too short for its waypoints, or where its limits contradict its target.
    """
    path = _path(prescription)
    slots = _slots(prescription, path)
    targets = [point_at(path, slot.progress) for slot in slots]
    prompts = _prompts(prescription, slots, targets, seed)
    seconds = prescription.minutes * 60
    borders = [seconds * i / len(slots) for i in range(len(slots) + 1)]
    steps = tuple(
        Step(
            index=i,
            start_s=borders[i],
            duration_s=borders[i + 1] - borders[i],
            target=target,
            progress=slot.progress,
            phase=slot.phase,
            mood=nearest(target, count=1, kind="feeling")[0].word,
            prompt=prompts[i],
        )
        for i, (slot, target) in enumerate(zip(slots, targets, strict=True))
    )
    return Plan(prescription, seed, path, steps)


def _path(prescription: Prescription) -> Path:
    allowed = prescription.limits.nearest
    waypoints = [waypoint.point for waypoint in prescription.waypoints]
    return iso_path(allowed(prescription.start), allowed(prescription.target), prescription.path, waypoints)


def _slots(prescription: Prescription, path: Path) -> tuple[Slot, ...]:
    seconds = prescription.minutes * 60
    count = round(seconds / STEP_SECONDS)
    waypoints = prescription.waypoints
    places = vertex_shares(path)[-1 - len(waypoints) : -1]
    anchors = anchored(count, [waypoint.at for waypoint in waypoints], places)
    slots = schedule(count, prescription.shares, anchors)
    return _soon_pleasant(slots, path, prescription, seconds / count)


def _soon_pleasant(
    slots: Sequence[Slot], path: Path, prescription: Prescription, step_seconds: float
) -> tuple[Slot, ...]:
    """The slots, hurried out of negative valence where they would stay there for too long."""
    limit = prescription.limits.negative_minutes
    allowed = int((NEGATIVE_MINUTES if limit is None else limit) * 60 / step_seconds + 1e-9)
    unpleasant = sum(point_at(path, slot.progress).valence < 0 for slot in slots)
    if unpleasant <= allowed:
        return tuple(slots)
    if path[-1].valence >= 0 and not prescription.waypoints:
        return hurried(slots, unpleasant, allowed)
    if limit is None:
        return tuple(slots)
    raise UserError(
        f"The limits allow {limit:g} minutes of negative valence; the target and the waypoints ask for more.",
        "Choose points of higher valence, or raise the limit negative_minutes.",
    )


def _prompts(prescription: Prescription, slots: Sequence[Slot], targets: Sequence[Affect], seed: int) -> list[Prompt]:
    """A prompt for every step, one and the same throughout a plateau."""
    plateaus = [
        [step for step, _ in run] for _, run in groupby(enumerate(slots), key=lambda numbered: numbered[1].progress)
    ]
    written = write_prompts([targets[run[0]] for run in plateaus], prescription.palette, Random(seed))
    return [prompt for run, prompt in zip(plateaus, written, strict=True) for _ in run]


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """The plan as JSON has it; points are objects of valence and arousal."""
    return {
        "prescription": plan.prescription.model_dump(mode="json"),
        "seed": plan.seed,
        "seconds": plan.seconds,
        "path": [asdict(point) for point in plan.path],
        "steps": [asdict(step) for step in plan.steps],
    }
