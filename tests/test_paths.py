from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musicmed_desktop import paths
from tests.fakes.editions import install, make_portable


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


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick with a portable program."""
    make_portable(monkeypatch, tmp_path / "stick")
    install(monkeypatch, tmp_path / "stick", light=True)
    return tmp_path / "stick"


def test_a_portable_program_keeps_everything_beside_itself(stick: Path) -> None:
    data = stick / "MusicMed data"
    assert paths.is_portable()
    assert paths.data_folder() == data
    assert paths.models_folder() == data / "models"
    assert paths.settings_file() == data / "settings.json"
    assert paths.log_folder() == data / "log"
    assert not data.exists()
    assert not paths.is_home_named()  # the self-test must not take it for a folder that somebody named for it


@pytest.mark.usefixtures("stick")
def test_what_the_environment_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME, str(tmp_path / "named"))
    assert paths.data_folder() == tmp_path / "named"
    assert not paths.is_portable()
    assert paths.is_home_named()


def test_without_the_file_beside_it_or_from_source_it_is_not_portable(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "musicmed-desktop"))
    assert not paths.is_portable()
    monkeypatch.setattr(sys, "executable", str(stick / "python3"))
    monkeypatch.delattr(sys, "frozen")
    assert not paths.is_portable()


def test_a_stick_that_is_pulled_out_leads_nowhere_else(stick: Path) -> None:
    assert paths.is_portable()
    (stick / paths.PORTABLE).unlink()
    assert paths.data_folder() == stick / "MusicMed data"


def test_beside_an_appimage_is_where_its_file_lies(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = tmp_path / ".mount_MusicM"
    monkeypatch.setattr(sys, "executable", str(mounted / "usr" / "lib" / "musicmed-desktop" / "musicmed-desktop"))
    monkeypatch.setenv("APPDIR", str(mounted))
    monkeypatch.setenv("APPIMAGE", str(stick / "MusicMed-Desktop.AppImage"))
    assert paths.data_folder() == stick / "MusicMed data"
    monkeypatch.setenv("APPDIR", str(tmp_path / ".mount_Terminal"))  # another AppImage started this program
    assert not paths.is_portable()


def test_beside_an_app_of_macos_is_the_folder_that_holds_it(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = stick / "MusicMed Desktop.app" / "Contents" / "MacOS" / "musicmed-desktop"
    monkeypatch.setattr(sys, "executable", str(program))
    assert paths.data_folder() == stick / "MusicMed data"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_program_that_is_called_by_a_link_lies_where_it_is(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stick / "musicmed-desktop").touch()
    (tmp_path / "musicmed").symlink_to(stick / "musicmed-desktop")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "musicmed"))
    assert paths.data_folder() == stick / "MusicMed data"


def test_folders_of_a_portable_program_are_written_down_from_its_data_on(stick: Path, tmp_path: Path) -> None:
    own = stick / "MusicMed data" / "models" / "small"
    assert paths.written(own) == "models/small"
    assert Path(paths.from_written("models/small")) == own
    assert paths.written(tmp_path) == paths.from_written(str(tmp_path)) == str(tmp_path)
    assert paths.from_written("E:\\Music\\models") == "E:\\Music\\models"  # of another system


def test_otherwise_folders_are_written_down_as_they_are() -> None:
    assert paths.written(paths.data_folder() / "models") == str(paths.data_folder() / "models")
    assert paths.from_written("models/small") == "models/small"
