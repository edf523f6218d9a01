"""Rows and comparisons of the table."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.evaluation.scores.columns import METRICS
from musicmed_desktop.evaluation.scores.counting import tallies
from musicmed_desktop.evaluation.scores.frechet import frechet_distance
from musicmed_desktop.evaluation.scores.interval import difference, estimate
from musicmed_desktop.evaluation.scores.material import Material, material, shared
from musicmed_desktop.evaluation.values import Comparison, Estimate, Results, Row

Reference = NDArray[np.floating] | None  # embeddings (m, d) of the music that the clips' distance is taken to


def score(results: Results, reference: Reference, seed: int = 0) -> Row:
    """The scores of a condition. Those are missing that lack what they need: CLAP, a reference, walks, enough clips."""
    found = material(results)
    scores = {key: estimate(tally, seed) for key, tally in tallies(found).items()}
    return Row(
        results.condition.name, len(found.clips), len(found.walks), _in_order(scores, _distance(found, reference))
    )


def compare(base: Results, tuned: Results, reference: Reference, seed: int = 0) -> Comparison:
    """Tuned minus base, over what both have: clips of the same key, walks of the same start, target and seed.

    `pairs` counts the clips. A clip is drawn in both or in neither, so that what makes clips differ in both conditions
    does not blur how the conditions differ.
    """
    first, second = shared(base, tuned)
    before, after = tallies(first), tallies(second)
    differences = {key: difference(before[key], after[key], seed) for key in before.keys() & after.keys()}
    apart = _distance(second, reference) - _distance(first, reference)
    return Comparison(base.condition.name, tuned.condition.name, len(first.clips), _in_order(differences, apart))


def _distance(found: Material, reference: Reference) -> float:
    """NaN where there are too few sounds for a distribution."""
    if reference is None or min(len(found.by_clap), len(reference)) < 2:
        return math.nan
    return frechet_distance(found.embeddings, reference)


def _in_order(scores: Mapping[str, Estimate], distance: float) -> dict[str, Estimate]:
    """By metric, with the distance where there is one."""
    there = {} if math.isnan(distance) else {"fad": Estimate(distance, math.nan, math.nan)}
    every = {**scores, **there}
    return {metric.key: every[metric.key] for metric in METRICS if metric.key in every}
