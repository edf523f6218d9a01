"""Whole evaluations: the real composer and recognizer, and tiny models with random weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation import making
from musicmed_desktop.evaluation.conditions import conditions
from musicmed_desktop.evaluation.events import (
    ClipHeard,
    ConditionBegun,
    Event,
    ReferenceHeard,
    Scored,
    Stopped,
    WalkHeard,
)
from musicmed_desktop.evaluation.folders import given
from musicmed_desktop.evaluation.items import items
from musicmed_desktop.evaluation.request import Request
from musicmed_desktop.evaluation.run import evaluate
from musicmed_desktop.evaluation.values import Condition, Evaluation
from musicmed_desktop.evaluation.walking import journeys
from tests.fakes.adapters import save_adapter
from tests.fakes.engines import ToneEngine
from tests.fakes.killing import small_disk
from tests.fakes.models import save_clap, save_model, tiny
from tests.fakes.places import single_thread

BUILTIN = Condition("builtin", Choice("builtin"))
COMPOSED = Request((BUILTIN,), items(("calm", "happy"), ("piano",), 1), 5.0, keep_audio=True)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an evaluation of the composer leaves."""
    folder = tmp_path_factory.mktemp("composed") / "out"
    assert isinstance([*evaluate(COMPOSED, folder)][-1], Scored)
    return folder


def results_in(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return document


def end_of(events: list[Event]) -> Evaluation:
    assert isinstance(events[-1], Scored)
    return events[-1].evaluation


def test_clips_are_made_heard_and_kept(composed: Path) -> None:
    kept = {path.name for path in (composed / "builtin").iterdir()}
    assert kept == {f"{mood}-piano-1.{kind}" for mood in ("calm", "happy") for kind in ("json", "flac")}
    for mood in ("calm", "happy"):
        info = soundfile.info(composed / "builtin" / f"{mood}-piano-1.flac")
        assert (info.duration, info.samplerate, info.channels) == (5.0, 44_100, 2)
    clips = results_in(composed)["results"][0]["clips"]
    assert [clip["key"] for clip in clips] == ["calm-piano-1", "happy-piano-1"]
    assert clips[0]["measured"] != clips[1]["measured"]


def test_the_same_request_finds_all_there(composed: Path) -> None:
    before = (composed / "results.json").read_bytes()
    events = [*evaluate(COMPOSED, composed)]
    assert events[:-1] == [ConditionBegun("builtin", clips_kept=2, walks_kept=0)]
    assert (composed / "results.json").read_bytes() == before


def test_what_is_damaged_or_lost_is_made_anew(composed: Path) -> None:
    before = (composed / "results.json").read_bytes()
    clip, sound = composed / "builtin" / "calm-piano-1.json", composed / "builtin" / "happy-piano-1.flac"
    clip.write_bytes(clip.read_bytes()[:100])
    sound.unlink()
    events = [*evaluate(COMPOSED, composed)]
    assert events[:-1] == [
        ConditionBegun("builtin", clips_kept=0, walks_kept=0),
        ClipHeard("builtin", 1, 2),
        ClipHeard("builtin", 2, 2),
    ]
    assert (composed / "results.json").read_bytes() == before
    assert sound.is_file()


def test_another_request_is_refused(composed: Path) -> None:
    with pytest.raises(UserError, match="seconds of a clip: 5 there, 6 here"):
        next(evaluate(replace(COMPOSED, seconds=6.0), composed))


def test_it_can_be_stopped_and_goes_on(composed: Path, tmp_path: Path) -> None:
    told: list[Event] = []
    for event in evaluate(COMPOSED, tmp_path, cancelled=lambda: len(told) == 2):
        told.append(event)
    assert told == [ConditionBegun("builtin", 0, 0), ClipHeard("builtin", 1, 2), Stopped()]
    assert not (tmp_path / "report.html").exists()
    events = [*evaluate(COMPOSED, tmp_path)]
    assert events[:-1] == [ConditionBegun("builtin", 1, 0), ClipHeard("builtin", 2, 2)]
    assert (tmp_path / "results.json").read_bytes() == (composed / "results.json").read_bytes()


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "size=256k") as disk:
        with pytest.raises(UserError, match="The disk is full"):
            [*evaluate(COMPOSED, disk / "out")]
        assert {path.name for path in (disk / "out" / "builtin").iterdir()} == {
            "calm-piano-1.json",
            "calm-piano-1.flac",
        }


def test_sessions_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ToneEngine()
    monkeypatch.setattr(making, "open_engine", lambda _: engine)
    request = Request((BUILTIN,), COMPOSED.items[:1], 5.0, journeys(1, 2.0))
    events = [*evaluate(request, tmp_path)]
    assert events[:-1] == [ConditionBegun("builtin", 0, 0), ClipHeard("builtin", 1, 1), WalkHeard("builtin", 1, 1)]
    (row,) = end_of(events).rows
    assert row.walks == 1
    assert {"advance", "walk_miss", "join_jump", "clicks"} <= row.scores.keys()
    assert engine.unloaded
    assert [*evaluate(request, tmp_path)][:-1] == [ConditionBegun("builtin", 1, 1)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    save_model(place / "tiny")
    save_adapter(place / "sweet", tiny())
    save_clap(place / "clap")
    return place


def test_a_model_is_compared_with_and_without_its_adapter(composed: Path, models: Path, tmp_path: Path) -> None:
    compared = conditions([models / "tiny"], [models / "sweet"], Store(models / "none"))
    reference = tuple(sorted((composed / "builtin").glob("*.flac")))
    request = Request(compared, COMPOSED.items, 5.0, clap=models / "clap", reference=reference, notes={"by": "hand"})
    events = [*evaluate(request, tmp_path)]
    assert events[-3:-1] == [ReferenceHeard(1, 2), ReferenceHeard(2, 2)]
    evaluation = end_of(events)
    assert [row.condition for row in evaluation.rows] == ["tiny", "tiny+sweet"]
    assert all({"clap", "circumplex_error", "fad"} <= row.scores.keys() for row in evaluation.rows)
    (comparison,) = evaluation.comparisons
    assert (comparison.base, comparison.tuned, comparison.pairs) == ("tiny", "tiny+sweet", 2)
    first, second = (result.clips for result in evaluation.results)
    assert all(one.measured != other.measured for one, other in zip(first, second, strict=True))
    assert evaluation.setting["by"] == "hand"
    assert evaluation.setting["models run on"]
    before = (tmp_path / "results.json").read_bytes()
    assert [type(event) for event in evaluate(request, tmp_path)].count(ClipHeard) == 0
    assert (tmp_path / "results.json").read_bytes() == before


def test_a_folder_of_music_is_heard_with_both_ears(composed: Path, models: Path, tmp_path: Path) -> None:
    table = tmp_path / "moods.tsv"
    table.write_text("path\tmoods\ncalm-piano-1.flac\tcalm\nhappy-piano-1.flac\thappy,fun\n")
    found = given(composed / "builtin", table)
    request = Request(
        (Condition("mine", None),), found.items, 5.0, files=found.files, clips="mine", clap=models / "clap"
    )
    (results,) = end_of([*evaluate(request, tmp_path / "out")]).results
    assert [len(clip.clap_tags) for clip in results.clips] == [1, 2]
    assert all(clip.embedding is not None and np.isclose(np.linalg.norm(clip.embedding), 1) for clip in results.clips)
    made = results_in(composed)["results"][0]["clips"]
    # 16 bits are what the file has kept of the sound
    assert results.clips[0].measured.valence == pytest.approx(made[0]["measured"]["valence"], abs=0.02)
