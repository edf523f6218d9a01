"""Whoever shuffles what was asked for finds chance, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from musicmed_desktop.evaluation.scores import compare, score
from musicmed_desktop.evaluation.scores.counting import tallies
from musicmed_desktop.evaluation.scores.interval import estimate
from musicmed_desktop.evaluation.scores.material import material
from musicmed_desktop.evaluation.scores.tags import nearest_tags
from musicmed_desktop.evaluation.scores.tally import Tally
from musicmed_desktop.evaluation.values import Results
from tests.fakes.hearing import condition

CLIPS = 240
SHUFFLES = 30


def shuffled(results: Results, seed: int) -> Results:
    """Each clip is said to be made of another one's item."""
    order = np.random.default_rng(seed).permutation(len(results.clips))
    clips = [replace(clip, item=results.clips[other].item) for clip, other in zip(results.clips, order, strict=True)]
    return replace(results, clips=tuple(clips))


def by_chance(results: Results) -> float:
    """The share of tags that are met where any clip may have been made of any item; each has two tags."""
    intended = [clip.item.prompt.moods for clip in results.clips]
    heard = [nearest_tags(clip.measured, ("calm", "soft")) for clip in results.clips]
    return float(np.mean([len({*one} & {*other}) / 2 for one in intended for other in heard]))


@pytest.fixture(scope="module")
def results() -> Results:
    return condition(CLIPS, miss=0.2, walks=0)


def test_unshuffled_it_is_far_above_chance(results: Results) -> None:
    scores = score(results, None).scores
    assert scores["valence_r"].low > 0.85
    assert scores["arousal_r"].low > 0.85
    assert scores["quadrant_accuracy"].low > 0.7
    assert scores["quadrant_f1"].low > 0.7
    assert scores["tags_recall"].low > 0.4
    assert scores["clap_tags_f1"].value > 0.4


@pytest.fixture(scope="module")
def shuffles(results: Results) -> list[dict[str, Tally]]:
    return [tallies(material(shuffled(results, seed))) for seed in range(SHUFFLES)]


def test_shuffled_it_is_at_chance(results: Results, shuffles: Sequence[Mapping[str, Tally]]) -> None:
    mean = {key: np.mean([each[key].value for each in shuffles]) for key in shuffles[0]}
    spread = 4 / (SHUFFLES * CLIPS) ** 0.5  # four standard deviations of a mean of r; shares have half of it at most
    for axis in ("valence", "arousal"):
        assert abs(mean[f"{axis}_r"]) < spread
    for key in ("accuracy", "precision", "recall", "f1"):
        assert mean[f"quadrant_{key}"] == pytest.approx(0.25, abs=spread / 2), key
    level = by_chance(results)
    assert level < 0.15
    for key in ("tags_precision", "tags_recall", "tags_f1", "clap_tags_f1"):
        assert mean[key] < level + spread / 2, key  # means over tags, of which some are rarely asked for
    assert mean["tags_jaccard"] < level
    assert mean["quadrant_hamming"] == pytest.approx(0.62, abs=0.01)  # as the metrics' explanations say
    assert mean["tags_hamming"] == pytest.approx(0.87, abs=0.01)


@pytest.mark.parametrize(("key", "chance"), [("quadrant_accuracy", 0.25), ("valence_r", 0.0), ("arousal_r", 0.0)])
def test_chance_lies_in_the_intervals(shuffles: Sequence[Mapping[str, Tally]], key: str, chance: float) -> None:
    found = [estimate(each[key], seed=0) for each in shuffles]
    held = sum(each.low <= chance <= each.high for each in found)
    assert held >= 0.8 * SHUFFLES  # 95 % are expected
    assert all(each.high < 0.5 for each in found)


def test_the_comparison_tells_them_apart(results: Results) -> None:
    clips = shuffled(results, 0).clips
    base = tuple(replace(own, measured=other.measured) for own, other in zip(results.clips, clips[::-1], strict=True))
    differences = compare(replace(results, clips=base), results, None).differences
    assert differences["circumplex_error"].high < -0.2
    for key in ("valence_r", "arousal_r", "quadrant_accuracy", "tags_recall"):
        assert differences[key].low > 0.3, key
