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

# A resample has fewer different tags, and other ones: these intervals would be far too narrow.
WITHOUT_INTERVAL = frozenset(("tags_precision", "tags_f1", "clap_tags_f1"))

Reference = NDArray[np.floating] | None  # embeddings (m, d) of the music that the clips' distance is taken to


def score(results: Results, reference: Reference, seed: int = 0) -> Row:
    """The scores of a condition. Those are missing that lack what they need: CLAP, a reference, walks, enough clips."""
    found = material(results)
    scores = {key: _certain(key, estimate(tally, seed)) for key, tally in tallies(found).items()}
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
    both = before.keys() & after.keys()
    differences = {key: _certain(key, difference(before[key], after[key], seed)) for key in both}
    apart = _distance(second, reference) - _distance(first, reference)
    return Comparison(base.condition.name, tuned.condition.name, len(first.clips), _in_order(differences, apart))


def _certain(key: str, found: Estimate) -> Estimate:
    """Without bounds where they cannot be relied on."""
    return Estimate(found.value, math.nan, math.nan) if key in WITHOUT_INTERVAL else found


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
