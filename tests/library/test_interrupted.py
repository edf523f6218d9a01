from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted, RunningNote, forget, interrupted, rest
from musicmed_desktop.plan import Limits, Palette, Prescription, Waypoint, build_plan
from musicmed_desktop.plan.path import PathStyle
from musicmed_desktop.session.record import Coordinates
from tests.fakes.killing import kill_while, small_disk

ASKED = Prescription(start=mood("anxious").affect, target=mood("calm").affect, palette=Palette(instruments=("piano",)))
BEGUN = Interrupted(
    prescription=ASKED, started=datetime(2026, 5, 3, 12, tzinfo=UTC), before=Coordinates.of(ASKED.start)
)

LISTEN = """
import sys, time
from itertools import count
from pathlib import Path
from musicmed_desktop.library import Interrupted, RunningNote
note = RunningNote(Path(sys.argv[1]), Interrupted.model_validate_json(sys.argv[2]))
print("begun", flush=True)
for second in count():
    note.heard(second)
    time.sleep(0.0001)
"""


def test_a_session_that_ends_in_order_leaves_nothing(tmp_path: Path) -> None:
    with RunningNote(tmp_path / "new", BEGUN) as note:
        note.heard(12.0)
        assert (tmp_path / "new" / "interrupted.json").exists()
    note.close()
    assert interrupted(tmp_path / "new") is None
    assert list((tmp_path / "new").iterdir()) == []


def test_a_running_session_is_not_interrupted(tmp_path: Path) -> None:
    with RunningNote(tmp_path, BEGUN):
        assert interrupted(tmp_path) is None
        with pytest.raises(UserError, match="another window"):
            RunningNote(tmp_path, BEGUN)
        assert (tmp_path / "interrupted.json").exists()


def test_killed_at_any_moment_a_session_is_found_at_the_next_start(tmp_path: Path) -> None:
    chance = Random(8)
    for _ in range(3):
        kill_while(LISTEN, str(tmp_path), BEGUN.model_dump_json(), seconds=chance.uniform(0, 0.1))
        found = interrupted(tmp_path)
        assert found is not None
        assert found.changed(heard_s=0.0) == BEGUN
        assert found.heard_s % 10 == 0
    forget(tmp_path)
    assert interrupted(tmp_path) is None


def test_what_was_heard_is_noted_every_ten_seconds_and_changes_at_once(tmp_path: Path) -> None:
    def noted() -> Interrupted:
        return Interrupted.model_validate_json((tmp_path / "interrupted.json").read_bytes())

    with RunningNote(tmp_path, BEGUN) as note:
        for tenths in range(0, 250):
            note.heard(tenths / 10)
        assert noted().heard_s == 20.0
        other = Prescription(start=mood("sad").affect, target=mood("calm").affect, minutes=10.0)
        note.change(prescription=other, from_s=24.0, heard_s=24.5)
        assert noted() == BEGUN.changed(prescription=other, from_s=24.0, heard_s=24.5)


def test_a_note_costs_next_to_nothing(tmp_path: Path) -> None:
    with RunningNote(tmp_path, BEGUN) as note:
        start = time.perf_counter()
        for number in range(100):
            note.heard(number * 10.0)
        assert (time.perf_counter() - start) / 100 < 0.01


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"prescription": 1}', bytes(300), b"\xff"])
def test_a_broken_note_offers_nothing(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "interrupted.json").write_bytes(raw)
    assert interrupted(tmp_path) is None
    with RunningNote(tmp_path, BEGUN):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_folder_offers_nothing_and_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    assert interrupted(tmp_path / "none") is None
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError):
        RunningNote(tmp_path / "file", BEGUN)


@pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")
def test_a_full_disk_does_not_end_the_music(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with small_disk(tmp_path / "disk") as disk, RunningNote(disk, BEGUN) as note:
        (disk / "films").write_bytes(b"x" * (64 * 1024 - (disk / "interrupted.json").stat().st_size - 8 * 1024))
        note.change(prescription=ASKED.model_copy(update={"note": "x" * 20_000}), heard_s=30.0)
        assert Interrupted.model_validate_json((disk / "interrupted.json").read_bytes()) == BEGUN
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "x" * 100 not in caplog.text


@pytest.mark.parametrize("heard_s", [0.0, 30.0, 299.0, 450.0, 700.0, 899.0, 5_000.0])
@pytest.mark.parametrize("start", ["anxious", "sad", "calm"])
def test_the_rest_goes_on_from_the_point_that_was_heard(heard_s: float, start: str) -> None:
    asked = ASKED.model_copy(update={"start": mood(start).affect})
    plan = build_plan(asked, seed=3)
    left = rest(BEGUN.changed(prescription=asked, heard_s=heard_s))
    step = plan.steps[min(len(plan.steps) - 1, int(heard_s // 30))]
    assert left.start.distance(step.target) < 1e-5
    assert left.target == asked.target
    assert left.palette == asked.palette
    assert left.minutes == pytest.approx(max(2.0, 15 - heard_s / 60), abs=0.01)
    assert build_plan(left, seed=3).seconds == pytest.approx(60 * left.minutes)


def test_the_rest_of_a_changed_session_counts_from_the_change() -> None:
    left = rest(BEGUN.changed(from_s=300.0, heard_s=360.0))
    assert left.minutes == 14.0
    assert left.start.distance(build_plan(ASKED, seed=0).steps[2].target) < 1e-5


@pytest.mark.parametrize("style", ["arousal_first", "by_way_of_calm"])
def test_a_bend_that_was_passed_is_not_walked_to_again(style: PathStyle) -> None:
    asked = Prescription(start=Affect(-0.6, 0.7), target=Affect(0.6, 0.3), path=style)
    early, late = (rest(BEGUN.changed(prescription=asked, heard_s=heard)) for heard in (60.0, 700.0))
    assert early.path == style
    assert late.path == "straight"
    assert len(build_plan(late, seed=0).path) == 2


def test_waypoints_and_limits_go_along() -> None:
    asked = Prescription(
        start=Affect(-0.6, 0.7),
        target=Affect(0.6, 0.3),
        minutes=20.0,
        waypoints=(Waypoint(point=Affect(-0.2, 0.0), at=0.3), Waypoint(point=Affect(0.3, -0.4), at=0.7)),
        limits=Limits(negative_minutes=12.0),
    )
    left = rest(BEGUN.changed(prescription=asked, heard_s=600.0))
    (waypoint,) = left.waypoints
    assert waypoint.point == Affect(0.3, -0.4)
    assert waypoint.at == pytest.approx(0.4)
    assert left.limits == asked.limits
