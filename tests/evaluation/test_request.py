from __future__ import annotations

import os
from pathlib import Path

import pytest

from musicmed_desktop.engines import Choice
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.fingerprint import fingerprint
from musicmed_desktop.evaluation.items import items
from musicmed_desktop.evaluation.request import REQUEST, Request, hold
from musicmed_desktop.evaluation.setting import setting
from musicmed_desktop.evaluation.values import Condition
from musicmed_desktop.evaluation.walking import journeys

LINES = {"moods": "calm, sad", "seconds of a clip": "30"}


def test_a_folder_is_held_by_its_request(tmp_path: Path) -> None:
    folder = tmp_path
    hold(folder, LINES)
    (folder / "builtin").mkdir()
    hold(folder, LINES)
    with pytest.raises(UserError) as told:
        hold(folder, {"moods": "calm, sad", "seconds of a clip": "10", "CLAP": "music"})
    assert told.value.title.endswith("(seconds of a clip: 30 there, 10 here; CLAP: none there, music here).")
    hold(folder, LINES)  # which was not changed


def test_what_a_killed_program_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / f".{REQUEST}.abc.part").write_bytes(b"{")
    hold(tmp_path, LINES)
    assert (tmp_path / REQUEST).is_file()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="holds something else"):
        hold(tmp_path, LINES)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"setting": 3}', b"\xff"])
def test_a_damaged_request_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / REQUEST).write_bytes(content)
    with pytest.raises(UserError, match="is damaged"):
        hold(tmp_path, LINES)


def test_the_setting_tells_all_that_decides_what_is_heard(tmp_path: Path) -> None:
    for name in ("model", "adapter"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "weights").write_bytes(name.encode())
    model, adapter = tmp_path / "model", tmp_path / "adapter"
    makers = (
        Condition("builtin", Choice("builtin")),
        Condition("tuned", Choice("musicgen", model=model, adapter=adapter, strength=0.5), "model"),
    )
    request = Request(makers, items(("calm",), ("piano", "harp"), 2), 30.0, journeys(3, 15.0), clap=model)
    lines = setting(request)
    assert lines["moods"] == "calm"
    assert lines["instruments"] == "piano, harp"
    assert lines["clips of each condition"] == "4"
    assert lines["sessions of each condition"] == "3, each of 15 min"
    assert lines["condition builtin"].startswith("the built-in composer, ")
    tuned = f"model ({fingerprint(model)}) with adapter ({fingerprint(adapter)}) at 0.5"
    assert lines["condition tuned"] == tuned
    assert lines["CLAP"] == f"model ({fingerprint(model)})"
    assert str(tmp_path) not in str(lines)


def test_a_fingerprint_tells_of_changes_in_large_files_too(tmp_path: Path) -> None:
    (tmp_path / "musicmed.json").write_text("when it was installed")
    (tmp_path / ".cache").write_text("hidden")
    large = tmp_path / "weights"
    large.write_bytes(os.urandom(3 << 20))
    before = fingerprint(tmp_path)
    (tmp_path / "musicmed.json").unlink()
    (tmp_path / ".cache").unlink()
    assert fingerprint(tmp_path) == before
    large.write_bytes(bytes(byte ^ 1 for byte in large.read_bytes()))
    assert fingerprint(tmp_path) != before
    large.write_bytes(large.read_bytes()[:-1])
    changed = fingerprint(tmp_path)
    large.rename(tmp_path / "other")
    assert fingerprint(tmp_path) != changed
