"""Paths on the circumplex after the iso principle: meet the mood, then walk, and never amplify it.

A path is a polyline. It never has a lower valence than the lowest of the points that were asked for, and
never a greater intensity (distance from neutral) than the greatest of them: straight legs keep both bounds,
since valence is linear and intensity convex along them, so only the bends that are added here must be chosen
within the bounds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

from musicmed_desktop.affect import Affect, quadrant

PathStyle = Literal["auto", "straight", "arousal_first", "by_way_of_calm"]
Path = tuple[Affect, ...]

CALM = Affect(0.5, -0.5)  # in the middle of contentment, the quarter of low arousal and positive valence
KEPT_VALENCE = 0.8  # how much of a negative valence is left when arousal has fallen: it has hardly moved


def iso_path(start: Affect, target: Affect, style: PathStyle = "auto", waypoints: Sequence[Affect] = ()) -> Path:
    """The path from `start` over the `waypoints`, each of them a vertex, to `target`.

    The style shapes the way to the first waypoint; from there the therapist's points are joined by straight
    lines. "auto" lowers arousal first from distress (negative valence, positive arousal) unless the path
    also ends there. It is straight otherwise: from sadness the direct way ended best in Starcke, Mayr and
    von Georgi (2021), though not all of their differences were significant.
    """
    stops = (*waypoints, target)
    return (start, *_bends(start, stops[0], style), *stops)


def _bends(start: Affect, target: Affect, style: PathStyle) -> Path:
    if style == "auto":
        distressed = (quadrant(start) == "distress", quadrant(target) == "distress")
        style = "arousal_first" if distressed == (True, False) else "straight"
    if style == "arousal_first":
        return (_lowered(start),) if start.arousal > 0 else ()
    return (_calm_between(start, target),) if style == "by_way_of_calm" else ()


def _lowered(start: Affect) -> Affect:
    """Where arousal has come to neutral and valence has hardly moved."""
    return Affect(start.valence * KEPT_VALENCE if start.valence < 0 else start.valence, 0.0)


def _calm_between(start: Affect, target: Affect) -> Affect:
    """The calm point, drawn in as far as both ends' bounds on valence and intensity ask for."""
    greatest = max(start.intensity, target.intensity)
    valence = max(min(start.valence, target.valence), min(CALM.valence, greatest * math.sqrt(0.5)))
    room = math.sqrt(max(0.0, greatest**2 - valence**2))
    return Affect(valence, max(CALM.arousal, -room))


def vertex_shares(path: Path) -> tuple[float, ...]:
    """The share of the path's length, 0 to 1, at which each vertex lies; all ends at 1, a point's is 0, 1."""
    lengths = list(accumulate((a.distance(b) for a, b in pairwise(path)), initial=0.0))
    if lengths[-1] == 0.0:
        return tuple(i / (len(path) - 1) for i in range(len(path)))
    return (*(length / lengths[-1] for length in lengths[:-1]), 1.0)


def point_at(path: Path, share: float) -> Affect:
    """The point at `share`, 0 to 1, of the path's length; exactly the vertex where `share` is a vertex's."""
    if share >= 1:
        return path[-1]
    shares = vertex_shares(path)
    after = bisect_left(shares, share)
    if shares[after] == share:
        return path[after]
    before = shares[after - 1]
    return path[after - 1].towards(path[after], (share - before) / (shares[after] - before))
