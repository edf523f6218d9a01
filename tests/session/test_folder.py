from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import soundfile

from musicmed_desktop.audio.files import Format
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import load_prescription
from musicmed_desktop.session.events import Event, SessionFailed, SessionFinished
from musicmed_desktop.session.folder import SessionFolder
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.recording import Beginning
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.recordings import walk

PLAN = walk(minutes=1.0)
BEGINNING = Beginning(PLAN, ToneEngine(), ToneRecognizer())
OTHERS = {"session.json", "session.mid", "trajectory.svg"}


def compose(folder: SessionFolder, seed: int = 7) -> Event:
    plan = walk(minutes=1.0, seed=seed)
    *_, last = SessionRunner(plan, ToneEngine(), ToneRecognizer(), folder, tries=1).run()
    return last


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("format", get_args(Format))
def test_a_session_is_four_files_and_its_seed_gives_the_same_bytes(tmp_path: Path, format: Format) -> None:
    last = compose(SessionFolder(tmp_path / "walk", format))
    assert isinstance(last, SessionFinished)
    files = contents(tmp_path)
    assert files.keys() == {f"walk/{name}" for name in OTHERS | {f"session.{format}"}}
    record = SessionRecord.model_validate_json(files["walk/session.json"])
    assert record == last.record
    sound = soundfile.info(tmp_path / "walk" / record.audio.path)
    assert sound.samplerate == record.audio.sample_rate == 8000
    assert sound.channels == record.audio.channels == 2
    assert sound.duration == pytest.approx(60.0, abs=0.1)
    compose(SessionFolder(tmp_path / "walk", format, force=True))
    assert contents(tmp_path) == files


def test_the_record_can_be_prescribed_again(tmp_path: Path) -> None:
    compose(SessionFolder(tmp_path / "walk"))
    document = json.loads((tmp_path / "walk" / "session.json").read_bytes())["prescription"]
    (tmp_path / "again.json").write_text(json.dumps(document), encoding="utf-8")
    assert load_prescription(tmp_path / "again.json") == PLAN.prescription


def test_what_exists_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "walk").mkdir()
    with pytest.raises(UserError, match=r"walk already exists\..*--force"):
        SessionFolder(tmp_path / "walk")
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_never_replaced_by_a_folder(tmp_path: Path, force: bool) -> None:
    (tmp_path / "walk").write_text("mine")
    with pytest.raises(UserError, match="is a file, not a folder"):
        SessionFolder(tmp_path / "walk", force=force)
    assert contents(tmp_path) == {"walk": b"mine"}


def test_force_replaces_the_session_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "walk"
    compose(SessionFolder(place, "ogg"))
    (place / "diary.txt").write_text("mine")
    (place / "takes").mkdir()
    (place / "takes" / "session.ogg").write_text("mine too")
    last = compose(SessionFolder(place, "wav", force=True), seed=8)
    assert isinstance(last, SessionFinished)
    assert contents(place).keys() == OTHERS | {"session.wav", "diary.txt", "takes/session.ogg"}
    assert SessionRecord.model_validate_json((place / "session.json").read_bytes()) == last.record
    assert {path.name for path in tmp_path.iterdir()} == {"walk"}


def test_force_keeps_the_old_session_until_the_new_one_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "walk"
    compose(SessionFolder(place))
    before = contents(tmp_path)
    with SessionFolder(place, force=True) as folder:
        folder.begin(BEGINNING)
        folder.write(np.zeros((8000, 2), np.float32))
    assert contents(tmp_path) == before


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "walk" / "session.flac").mkdir(parents=True)
    with pytest.raises(UserError, match=r"session\.flac is a folder"):
        SessionFolder(tmp_path / "walk", force=True)


def test_missing_parents_are_made_and_taken_back(tmp_path: Path) -> None:
    with SessionFolder(tmp_path / "a" / "b" / "walk"):
        assert (tmp_path / "a" / "b").is_dir()
    assert list(tmp_path.iterdir()) == []
    compose(SessionFolder(tmp_path / "a" / "b" / "walk"))
    assert {path.name for path in (tmp_path / "a" / "b" / "walk").iterdir()} > OTHERS


def test_parents_that_are_files_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="There is no folder"):
        SessionFolder(tmp_path / "file" / "deep" / "walk")
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_name_that_is_too_long_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        SessionFolder(tmp_path / "new" / ("x" * 300))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = SessionFolder(tmp_path / "walk")
    left.begin(BEGINNING)
    hidden = [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert len(hidden) == 1
    left.discard()
    hidden[0].mkdir()  # as if it had not come to that
    (hidden[0] / "session.flac.part").write_text("half")
    assert isinstance(compose(SessionFolder(tmp_path / "walk")), SessionFinished)
    assert {path.name for path in tmp_path.iterdir()} == {"walk"}


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with SessionFolder(tmp_path / "walk") as first:
        with pytest.raises(UserError, match="Another session"):
            SessionFolder(tmp_path / "walk")
        assert isinstance(compose(first), SessionFinished)
    assert {path.name for path in (tmp_path / "walk").iterdir()} > OTHERS


def test_a_stopped_session_leaves_nothing_or_a_whole_folder(tmp_path: Path) -> None:
    *_, last = SessionRunner(
        PLAN, ToneEngine(), ToneRecognizer(), SessionFolder(tmp_path / "none"), cancelled=lambda: True
    ).run()
    assert isinstance(last, SessionFinished)
    assert last.record is None
    assert list(tmp_path.iterdir()) == []

    error = UserError("The model is gone.")
    engine = ToneEngine(fails={1: error})
    *_, last = SessionRunner(PLAN, engine, ToneRecognizer(), SessionFolder(tmp_path / "half")).run()
    assert isinstance(last, SessionFailed)
    assert last.record is not None
    assert contents(tmp_path / "half").keys() == OTHERS | {"session.flac"}
    assert soundfile.info(tmp_path / "half" / "session.flac").duration == pytest.approx(
        last.record.audio.duration_s, abs=1e-3
    )


posix = pytest.mark.skipif(os.name == "nt", reason="limits and mounts are POSIX")


@posix
@pytest.mark.parametrize("kilobytes", [0, 4, 200, 900])
def test_a_file_that_may_not_grow_leaves_nothing(tmp_path: Path, kilobytes: int) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, limits[1]))
    try:
        last = compose(SessionFolder(tmp_path / "walk", "wav"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(last, SessionFailed)
    assert "could not be written" in last.error.title
    assert last.record is None
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def mounted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of its own with the mount options that the test asks for."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", request.param, "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@posix
@pytest.mark.parametrize("mounted", ["size=1M"], indirect=True)
@pytest.mark.parametrize("force", [False, True])
def test_a_full_disk_leaves_what_was_there(mounted: Path, force: bool) -> None:
    place = mounted / "walk"
    if force:
        place.mkdir()
        (place / "session.json").write_text("the old one")
    before = contents(mounted)
    last = compose(SessionFolder(place, "wav", force))  # 1.9 MB
    assert isinstance(last, SessionFailed)
    assert last.error.title == "The disk is full."
    assert contents(mounted) == before


@posix
@pytest.mark.parametrize("mounted", ["size=1M,ro"], indirect=True)
def test_a_read_only_disk_is_refused_before_any_work(mounted: Path) -> None:
    with pytest.raises(UserError, match="read-only"):
        SessionFolder(mounted / "new" / "walk")


@posix
@pytest.mark.parametrize("mounted", ["size=8M"], indirect=True)
def test_force_works_at_the_root_of_a_disk(mounted: Path) -> None:
    assert isinstance(compose(SessionFolder(mounted, force=True)), SessionFinished)
    assert {path.name for path in mounted.iterdir()} == OTHERS | {"session.flac"}


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o555)
    with pytest.raises(UserError, match="You may not write"):
        SessionFolder(tmp_path / "theirs" / "walk")
