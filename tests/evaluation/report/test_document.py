from __future__ import annotations

import json
import math
from typing import Any

from musicmed_desktop.affect import quadrant
from musicmed_desktop.evaluation.report.document import results_json
from musicmed_desktop.evaluation.values import Evaluation
from tests.fakes.evaluations import HOSTILE, evaluation, hostile, single


def document(found: Evaluation) -> Any:
    def refuse(token: str) -> None:
        raise AssertionError(token)

    return json.loads(results_json(found), parse_constant=refuse)


def test_every_figure_is_in_it() -> None:
    found, written = evaluation(), document(evaluation())
    assert (written["format"], written["schema_version"]) == ("musicmed-desktop evaluation", 1)
    assert written["setting"] == found.setting
    assert [metric["key"] for metric in written["metrics"]] == [metric.key for metric in found.metrics]
    for row, original in zip(written["rows"], found.rows, strict=True):
        assert (row["condition"], row["clips"], row["walks"]) == (original.condition, original.clips, original.walks)
        for key, estimate in original.scores.items():
            assert row["scores"][key]["value"] == estimate.value
            assert row["scores"][key]["high"] == (estimate.high if math.isfinite(estimate.high) else None)
    for comparison, paired in zip(written["comparisons"], found.comparisons, strict=True):
        assert (comparison["base"], comparison["tuned"], comparison["pairs"]) == (paired.base, paired.tuned, 60)
        assert comparison["differences"]["clap"]["low"] == paired.differences["clap"].low


def test_every_clip_is_in_it() -> None:
    tuned = document(evaluation())["results"][2]
    assert tuned["condition"]["tuned_from"] == "musicgen-small"
    assert tuned["condition"]["choice"]["adapter"] == "tender"  # and not where it lies
    assert len(tuned["clips"]) == 60
    clip, heard = tuned["clips"][7], evaluation().results[2].clips[7]
    assert clip["prompt"]["moods"] == list(heard.item.prompt.moods)
    assert clip["prompt"]["text"] == heard.item.prompt.text
    assert (clip["key"], clip["seed"]) == (heard.item.key, heard.item.seed)
    assert clip["target"] == {"valence": heard.item.target.valence, "arousal": heard.item.target.arousal}
    assert clip["distance"] == heard.measured.distance(heard.item.target)
    assert clip["measured_quadrant"] == quadrant(heard.measured)
    assert (clip["clap_score"], clip["clap_tags"]) == (heard.clap_score, list(heard.clap_tags))
    assert "embedding" not in clip
    assert tuned["walks"][0]["miss"] == evaluation().results[2].walks[0].miss


def test_what_is_not_known_is_null() -> None:
    written = document(single(1))
    assert written["rows"][0]["scores"]["circumplex_error"]["low"] is None
    assert written["results"][0]["clips"][0]["clap_score"] is None


def test_names_come_back_as_they_were() -> None:
    written = document(hostile())
    assert written["results"][0]["condition"]["name"] == HOSTILE
    assert written["results"][0]["clips"][0]["key"] == HOSTILE
    assert written["results"][1]["condition"]["choice"] is None
    assert results_json(hostile()).isascii()
