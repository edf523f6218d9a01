from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.single_instance import SingleInstance

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from musicmed_desktop.ui.single_instance import SingleInstance
application = QCoreApplication(sys.argv)
instance = SingleInstance(Path(sys.argv[1]))
file = Path(sys.argv[3]) if len(sys.argv) > 3 else None
print("first" if instance.first else "heard" if instance.call_first(file) else "alone", flush=True)
if "stay" in sys.argv:
    sys.stdin.read()
"""


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance(tmp_path)
    yield instance
    instance.close()


def second(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SECOND, str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_second_start_calls_the_first(qtbot: QtBot, first: SingleInstance, tmp_path: Path) -> None:
    assert first.first
    with qtbot.waitSignal(first.asked_to_show, timeout=10_000):
        process = second(tmp_path)
    assert process.communicate(timeout=10)[0] == "heard\n"


def test_a_second_start_with_a_file_has_it_opened_by_the_first(
    qtbot: QtBot, first: SingleInstance, tmp_path: Path
) -> None:
    file = tmp_path / "für Ää.musicmed-plan"
    with qtbot.waitSignals([first.asked_to_show, first.asked_to_open], timeout=10_000):
        opened: list[Path] = []
        first.asked_to_open.connect(opened.append)
        process = second(tmp_path, "go", str(file))
    assert process.communicate(timeout=10)[0] == "heard\n"
    assert opened == [file]


def test_another_library_has_a_window_of_its_own(first: SingleInstance, tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "other")
    assert other.first
    other.close()


def test_a_killed_first_one_does_not_stand_in_the_way(qtbot: QtBot, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SECOND, str(tmp_path), "stay"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "first\n"
        killed.kill()
    instance = SingleInstance(tmp_path)
    assert instance.first
    instance.close()
