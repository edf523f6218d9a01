from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.evaluation.scores import METRICS, compare, score
from musicmed_desktop.evaluation.scores.frechet import frechet_distance
from musicmed_desktop.evaluation.values import Estimate, Heard, Results, Walk
from tests.fakes.hearing import DIMENSIONS, condition, item

REFERENCE = np.random.default_rng(9).normal(size=(80, DIMENSIONS))
KEYS = [metric.key for metric in METRICS]
OF_CLAP = {"clap", "clap_tags_f1", "clap_tags_jaccard", "fad"}
OF_WALKS = {"advance", "walk_miss", "join_jump", "clicks"}


def deaf(results: Results) -> Results:
    """Heard without CLAP."""
    return replace(results, clips=tuple(Heard(clip.item, clip.measured) for clip in results.clips))


def bounded(estimate: Estimate) -> bool:
    return estimate.low <= estimate.value <= estimate.high


def test_a_row_has_every_metric_in_the_table_s_order() -> None:
    row = score(condition(walks=8), REFERENCE)
    assert (row.condition, row.clips, row.walks) == ("tuned", 60, 8)
    assert list(row.scores) == KEYS
    assert len(set(KEYS)) == len(KEYS)
    without = {key for key, estimate in row.scores.items() if not bounded(estimate)}
    assert without == {"fad", "tags_precision", "tags_f1", "clap_tags_f1"}


def test_values_by_hand() -> None:
    places = [(Affect(0.5, 0.5), Affect(0.5, 0.1)), (Affect(-0.5, -0.5), Affect(-0.2, -0.9))]
    clips = [Heard(item(str(key), target), measured) for key, (target, measured) in enumerate(places)]
    walks = (Walk("sad", "happy", 0, 0.9, 0.2, 1.0, 0.0), Walk("sad", "happy", 1, 0.7, 0.4, 3.0, 0.5))
    scores = score(replace(condition(), clips=tuple(clips), walks=walks), None).scores
    expected = {"circumplex_error": 0.45, "valence_error": 0.15, "arousal_error": 0.4, "quadrant_accuracy": 1.0}
    expected |= {"advance": 0.8, "walk_miss": 0.3, "join_jump": 2.0, "clicks": 0.25}
    assert {key: scores[key].value for key in expected} == pytest.approx(expected)
    assert not {"valence_r", *OF_CLAP} & set(scores)


def test_clap_s_numbers_are_those_it_gave() -> None:
    results = condition()
    scores = score(results, REFERENCE).scores
    assert scores["clap"].value == pytest.approx(np.mean([clip.clap_score for clip in results.clips]))
    assert scores["clap_tags_f1"] == scores["tags_f1"]  # here it chooses what the place says
    sounds = np.stack([clip.embedding for clip in results.clips if clip.embedding is not None])
    assert scores["fad"].value == frechet_distance(sounds, REFERENCE)


def test_what_lacks_its_data_is_missing() -> None:
    without_clap = score(deaf(condition()), REFERENCE)
    assert set(without_clap.scores) == set(KEYS) - OF_CLAP
    assert set(score(condition(walks=0), REFERENCE).scores) == set(KEYS) - OF_WALKS
    assert set(score(condition(), None).scores) == set(KEYS) - {"fad"}
    assert set(score(condition(), REFERENCE[:1]).scores) == set(KEYS) - {"fad"}
    nothing = score(condition(0, walks=0), REFERENCE)
    assert (nothing.clips, nothing.scores) == (0, {})


def test_one_clip_has_values_without_bounds() -> None:
    scores = score(condition(1, walks=1), REFERENCE).scores
    assert set(scores) == set(KEYS) - {"valence_r", "arousal_r", "fad"}
    assert all(math.isnan(estimate.low) and math.isnan(estimate.high) for estimate in scores.values())
    assert all(math.isfinite(estimate.value) for estimate in scores.values())


@pytest.mark.parametrize("clips", [2, 3, 4, 8])
def test_few_clips_are_no_error(clips: int) -> None:
    row = score(condition(clips, walks=2), REFERENCE)
    assert all(math.isfinite(estimate.value) for estimate in row.scores.values())


def test_clips_without_intended_tags_say_nothing_of_tags() -> None:
    results = condition(40)
    untold = [replace(clip, item=item(f"no-{clip.item.key}", clip.item.target, ())) for clip in results.clips]
    mixed = score(replace(results, clips=(*results.clips, *untold)), None).scores
    alone = score(results, None).scores
    assert mixed["tags_f1"] == alone["tags_f1"]
    assert set(score(replace(results, clips=tuple(untold)), None).scores).isdisjoint({"tags_f1", "clap_tags_f1"})


def test_a_walk_without_a_number_counts_for_its_other_numbers() -> None:
    walks = [Walk("sad", "calm", n, advance, 0.2 * n, 1.0, 0.0) for n, advance in enumerate((0.5, math.nan, 0.9))]
    scores = score(replace(condition(walks=0), walks=tuple(walks)), None).scores
    assert scores["advance"].value == pytest.approx(0.7)
    assert scores["walk_miss"].value == pytest.approx(0.2)


def test_the_seed_decides_the_bounds() -> None:
    one, again, other = (score(condition(), REFERENCE, seed).scores["clap"] for seed in (1, 1, 2))
    assert one == again
    assert one.value == other.value
    assert one.low != other.low


def test_a_difference_is_that_of_the_rows_where_both_have_the_same_clips() -> None:
    base, tuned = condition(miss=0.5, name="base", seed=1), condition(miss=0.2, seed=2)
    found = compare(base, tuned, REFERENCE)
    before, after = score(base, REFERENCE).scores, score(tuned, REFERENCE).scores
    assert (found.base, found.tuned, found.pairs) == ("base", "tuned", 60)
    assert list(found.differences) == KEYS
    for key, difference in found.differences.items():
        assert difference.value == pytest.approx(after[key].value - before[key].value)
    assert found.differences["circumplex_error"].high < 0
    assert found.differences["quadrant_f1"].low > 0


def test_clips_and_walks_are_paired_by_what_they_are() -> None:
    base, tuned = condition(miss=0.5, seed=1), condition(seed=2)
    clips, walks = base.clips, base.walks
    turned = replace(base, clips=(*clips[::-1], replace(clips[0], item=item("another", Affect(0, 0)))))
    turned = replace(turned, walks=(*walks[::-1], replace(walks[0], seed=99)))
    found, wanted = compare(turned, tuned, REFERENCE), compare(base, tuned, REFERENCE)
    assert found.pairs == wanted.pairs == 60
    for key, difference in found.differences.items():
        assert difference.value == pytest.approx(wanted.differences[key].value)


def test_of_clap_those_clips_count_that_it_heard_in_both() -> None:
    base, tuned = condition(40, miss=0.5, seed=1), condition(40, seed=2)
    half = replace(base, clips=(*deaf(base).clips[:20], *base.clips[20:]))
    found = compare(half, tuned, REFERENCE).differences
    pairs = zip(base.clips[20:], tuned.clips[20:], strict=True)
    wanted = np.mean([(after.clap_score or 0) - (before.clap_score or 0) for before, after in pairs])
    assert found["clap"].value == pytest.approx(wanted)
    assert found["circumplex_error"] == compare(base, tuned, REFERENCE).differences["circumplex_error"]
    assert not OF_CLAP & set(compare(deaf(base), tuned, REFERENCE).differences)


def test_conditions_that_share_nothing_do_not_compare() -> None:
    base = condition(20, walks=0)
    others = tuple(replace(clip, item=replace(clip.item, key=f"other-{clip.item.key}")) for clip in base.clips)
    found = compare(base, replace(base, clips=others), REFERENCE)
    assert (found.pairs, found.differences) == (0, {})


def test_a_condition_does_not_differ_from_itself() -> None:
    found = compare(condition(), condition(), REFERENCE).differences
    assert {difference.value for difference in found.values()} == {0.0}
    assert all(math.isnan(difference.low) for difference in found.values())


def test_200_clips_are_quick() -> None:
    """Six conditions have 30 s of one core."""
    results = condition(200)
    start = time.thread_time()
    score(results, REFERENCE)
    assert time.thread_time() - start < 5


def test_every_metric_explains_itself() -> None:
    for metric in METRICS:
        assert metric.name
        assert metric.about.endswith(".")
        assert metric.better in ("higher", "lower")
    assert {metric.key for metric in METRICS if metric.better == "lower"} == {
        *("circumplex_error", "valence_error", "arousal_error", "fad", "walk_miss", "join_jump", "clicks")
    }
