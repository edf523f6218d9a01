"""When a session is where on its path: matching, walking in plateaus, settling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.prescription import Shares
from musicmed_desktop.plan.step import Phase

CLIPS_PER_PLATEAU = 4  # two minutes: long enough to arrive in, short enough not to stand still
MIN_PLATEAUS, MAX_PLATEAUS = 3, 12  # of the walk, or of one leg where there are waypoints


@dataclass(frozen=True)
class Slot:
    """Where one step stands: its share of the path's length, and its phase."""

    progress: float
    phase: Phase


@dataclass(frozen=True)
class Anchor:
    """A point that the step with this index must reach exactly: its share of the path's length."""

    index: int
    progress: float


def schedule(count: int, shares: Shares, anchors: Sequence[Anchor] = ()) -> tuple[Slot, ...]:
    """The slots of `count` steps, 2 or more; at least one matches and one settles, whatever the shares.

    The walk moves in plateaus of several steps, evenly along the path between one anchor and the next.
    `anchors`, the waypoints, have ascending indices from 1 to count - 2.
    """
    settle = min(_steps(shares.settle, count), count - 1)
    match = min(_steps(shares.match, count), count - settle)
    if anchors:
        match = min(match, anchors[0].index)
        settle = min(settle, count - 1 - anchors[-1].index)
    walk = _walk([Anchor(match, 0.0), *anchors, Anchor(count - settle, 1.0)])
    return (
        *(Slot(0.0, "match"),) * match,
        *(Slot(progress, "transition") for progress in walk),
        *(Slot(1.0, "settle"),) * settle,
    )


def _steps(share: float, count: int) -> int:
    return max(1, round(share * count))


def _walk(anchors: Sequence[Anchor]) -> list[float]:
    """The progress of every step from the first anchor's index to the one before the last anchor's."""
    progress: list[float] = []
    for here, there in pairwise(anchors):
        leaves_at_once = here is anchors[0]  # the match has stood there already
        for share in _leg(there.index - here.index, leaves_at_once):
            progress.append(here.progress + (there.progress - here.progress) * share)
    return progress


def _leg(count: int, leaves_at_once: bool) -> list[float]:
    """Shares of a leg, 0 to below 1, for `count` steps in plateaus that divide the leg evenly."""
    plateaus = min(count, max(MIN_PLATEAUS, min(MAX_PLATEAUS, round(count / CLIPS_PER_PLATEAU))))
    numbers = [step * plateaus // count for step in range(count)]
    if leaves_at_once:
        return [(number + 1) / (plateaus + 1) for number in numbers]
    return [number / plateaus for number in numbers]


def anchored(count: int, at: Sequence[float], progress: Sequence[float]) -> tuple[Anchor, ...]:
    """Anchors for waypoints reached at shares `at` of the session; UserError where the steps are too few."""
    indices = [min(count - 2, max(1, int(share * count))) for share in at]
    if len(indices) > count - 2 or any(a >= b for a, b in pairwise(indices)):
        raise UserError(
            "The session is too short for its waypoints: each needs a step of about 30 seconds of its own.",
            "Take fewer waypoints, set them further apart, or make the session longer.",
        )
    return tuple(Anchor(*pair) for pair in zip(indices, progress, strict=True))


def hurried(slots: Sequence[Slot], unpleasant: int, allowed: int) -> tuple[Slot, ...]:
    """The same walk with its first `unpleasant` slots squeezed into `allowed`, the rest stretched to fill."""
    rest = len(slots) - unpleasant
    longer = len(slots) - allowed
    return (
        *(slots[i * unpleasant // allowed] for i in range(allowed)),
        *(slots[unpleasant + i * rest // longer] for i in range(longer)),
    )
