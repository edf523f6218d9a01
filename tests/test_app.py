from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop import app
from musicmed_desktop.paths import HOME, PORTABLE

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)


def test_the_first_free_folder_is_taken(tmp_path: Path) -> None:
    assert app.free_folder(tmp_path).name == "musicmed-session"
    (tmp_path / "musicmed-session").mkdir()
    assert app.free_folder(tmp_path).name == "musicmed-session-2"
    (tmp_path / "musicmed-session-2").write_text("a file counts too")
    assert app.free_folder(tmp_path).name == "musicmed-session-3"


@pytest.mark.usefixtures("no_display")
def test_without_a_display_it_composes_here_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "musicmed-session").mkdir()
    assert app.main(["--offline", "--minutes", "1", "--tries", "1", "--from", "sad"]) == 0
    assert not list((tmp_path / "musicmed-session").iterdir())
    assert (tmp_path / "musicmed-session-2" / "session.flac").stat().st_size > 100_000
    told = capsys.readouterr()
    assert "musicmed-session-2" in told.out
    assert "no display" in told.err


@pytest.mark.usefixtures("no_display")
def test_a_prescription_is_not_overruled_by_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.json").write_text('{"start": "sad"}')
    assert app.main(["--prescription=mine.json"]) == 2
    assert "target" in capsys.readouterr().err


def test_commands_and_version_are_handed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["moods", "calm"]) == 0
    assert "calm" in capsys.readouterr().out
    assert app.main(["--offline", "moods", "sad"]) == 0
    assert "sad" in capsys.readouterr().out
    assert app.main(["--version"]) == 0
    assert "MusicMed Desktop" in capsys.readouterr().out


@pytest.mark.usefixtures("no_display")
def test_without_a_display_what_it_does_not_know_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--colour", "blue"]) == 2
    assert "--colour" in capsys.readouterr().err


def test_with_a_display_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(SystemExit) as ended:
        app.main(["--colour", "blue"])
    assert ended.value.code == 2
    assert "--colour" in capsys.readouterr().err


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("name", ["a plan.musicmed-plan", "one.MUSICMED"])
def test_a_file_for_the_window_is_no_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--offline", name]) == 1
    assert f"There is no display to open {name} on." in capsys.readouterr().err


def test_a_file_that_it_cannot_open_is_no_command_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").touch()
    Path("moods").touch()
    assert not app._is_command(["notes.txt"])
    assert app._is_command(["other.txt"])
    assert app.main(["moods", "--help"]) == 0
    assert "moods" in capsys.readouterr().out


@pytest.mark.parametrize("name", DISPLAYS)
@pytest.mark.usefixtures("no_display")
def test_a_display_is_told_by_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not app.has_display()
    monkeypatch.setenv(name, "something")
    assert app.has_display()


WITHOUT_STREAMS = """
import os, sys, traceback
from pathlib import Path
place = Path(sys.argv[1])
sys.frozen, sys.executable = True, str(place / "musicmed-desktop")
sys.stdin = sys.stdout = sys.stderr = None
try:
    from musicmed_desktop.app import main
    code = main(sys.argv[2:])
except Exception:
    (place / "failed.txt").write_text(traceback.format_exc())
    raise
sys.exit(code)
"""


def without_streams(place: Path, *arguments: str) -> int:
    """The exit code of a program with a window as Windows starts one, portable in `place`."""
    (place / PORTABLE).touch()
    kept = {name: value for name, value in os.environ.items() if name != HOME}
    command = [sys.executable, "-c", WITHOUT_STREAMS, str(place), *arguments]
    environ = kept | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)
    failed = place / "failed.txt"
    assert (done.stdout, done.stderr) == ("", ""), failed.exists() and failed.read_text()
    return done.returncode


def test_a_program_without_streams_goes_all_the_way_and_a_portable_ones_sessions_are_left_alone(
    tmp_path: Path,
) -> None:
    """The self-test's session goes to a library that is thrown away, but for crash reports."""
    assert without_streams(tmp_path, "--self-test", "--minutes", "1") == 0
    data = tmp_path / "MusicMed data"
    assert not [path for path in data.rglob("*") if path.is_file() and path.parent.name != "log"]


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["doctor"], 0), (["--colour", "blue"], 2)])
def test_without_streams_there_is_nobody_to_tell_and_no_bug(tmp_path: Path, arguments: list[str], code: int) -> None:
    assert without_streams(tmp_path, *arguments) == code
    assert not (tmp_path / "MusicMed data").exists()
