from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musicmed_desktop import paths


def test_one_folder_holds_everything_where_the_environment_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "stick"
    monkeypatch.setenv(paths.HOME, str(home))
    assert paths.data_folder() == home
    assert paths.settings_file() == home / "settings.json"
    assert paths.log_folder() == home / "log"
    assert not home.exists()


def test_a_relative_home_does_not_move_with_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.HOME, "stick")
    assert paths.data_folder() == tmp_path / "stick"
    monkeypatch.setenv(paths.HOME, "~/stick")
    assert paths.data_folder() == Path.home() / "stick"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the XDG base directories are of Linux")
def test_linux_has_its_usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME, raising=False)
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    assert paths.data_folder() == tmp_path / "DATA" / "musicmed-desktop"
    assert paths.settings_file() == tmp_path / "CONFIG" / "musicmed-desktop" / "settings.json"
    assert tmp_path / "STATE" / "musicmed-desktop" in paths.log_folder().parents
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME, "")
    assert "musicmed" in str(paths.data_folder()).lower()
