"""The trial of a finished program, with small programs in its place, on a bare computer that is real."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bundling import smoke
from bundling.failure import BundleError
from bundling.product import LIGHT, VERSION
from bundling.walls import BareComputer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")
REPORT = '{{"ok": true, "time_to_window_s": {window}, "time_to_first_sound_s": 0.5}}'


@pytest.fixture
def computer(tmp_path: Path) -> BareComputer:
    for name in ("home", "shown"):
        (tmp_path / name).mkdir()
    return BareComputer(tmp_path / "home", (tmp_path / "shown",))


def program(folder: Path, version: str = VERSION, window: float = 1.5, doctor: int = 0) -> Path:
    """A program that answers as the real one does."""
    path = folder / smoke.AWKWARD / "musicmed-desktop"
    path.parent.mkdir(parents=True)
    answers = f"""#!/bin/sh
case "$1" in
--help) echo "Commands: compose";;
--version) echo "MusicMed Desktop {version}";;
doctor) echo "a part is missing"; exit {doctor};;
--self-test) echo '{REPORT.format(window=window)}';;
esac
"""
    path.write_text(answers, encoding="utf-8")
    path.chmod(0o755)
    return path


def test_nothing_of_this_computers_environment_is_there(
    computer: BareComputer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    seen = computer.run("/usr/bin/env").stdout.split()
    assert f"HOME={computer.home}" in seen
    assert not any(line.startswith(("PYTHONPATH=", "DISPLAY=", "MUSICMED_HOME=")) for line in seen)
    assert computer.run("/bin/sh", "-c", "python3 --version").returncode != 0


def test_there_is_no_network_and_nothing_can_be_written_but_in_the_home_folder(computer: BareComputer) -> None:
    if not computer.is_walled():
        pytest.skip("bubblewrap is missing, or kept to the administrator")
    assert computer.run("/bin/cat", "/proc/net/dev").stdout.count(":") == 1  # the loopback
    shown = computer.shown[0]
    assert computer.run("/bin/sh", "-c", f"echo > {shown}/new").returncode != 0
    assert computer.run("/bin/sh", "-c", "echo > new").returncode == 0
    assert (computer.home / "new").is_file()
    assert list(shown.iterdir()) == []


def test_a_program_that_works_passes(tmp_path: Path) -> None:
    seen = smoke.check(program(tmp_path), LIGHT, tmp_path / "scratch", window_s=3.0)
    assert (seen.time_to_window_s, seen.time_to_first_sound_s) == (1.5, 0.5)
    assert "window after 1.50 s" in seen.words()


@pytest.mark.parametrize(
    ("faults", "complaint"),
    [
        ({"version": "0.0.1"}, "says that it is MusicMed Desktop 0.0.1"),
        ({"window": 3.1}, "takes 3.1 s to appear; 3.0 s are allowed"),
        ({"doctor": 1}, "doctor ended with code 1.\na part is missing"),
    ],
)
def test_what_does_not_work_is_told(tmp_path: Path, faults: dict[str, str | float | int], complaint: str) -> None:
    with pytest.raises(BundleError) as told:
        smoke.check(program(tmp_path, **faults), LIGHT, tmp_path / "scratch", window_s=3.0)  # type: ignore[arg-type]
    assert complaint in str(told.value)
