"""The whole program in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.ui.single_instance import SingleInstance
from tests.fakes.killing import ROOT, small_disk

# Runs the app with what the first argument says done in its window, prints what was shown, and closes it.
PROGRAM = """
import gc, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from musicmed_desktop.ui import application
from musicmed_desktop.ui.options import parse

def fail():
    raise ValueError("I feel so sad, says " + sys.argv[2])

def look():
    windows = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    if sys.argv[1] and not any(type(each).__name__ == "CrashNotice" for each in windows):
        QTimer.singleShot(100, look)
        return
    for shown in windows:
        words = [each.text() for each in shown.findChildren(QLabel)]
        words += [each.toPlainText() for each in shown.findChildren(QPlainTextEdit)]
        print(type(shown).__name__, *words, sep="|")
        for each in shown.findChildren(QPushButton):
            if each.text() == "Copy the report":
                each.click()
                print("COPIED", QApplication.clipboard().text(), "END")
    QApplication.exit(7)

application.make_application()
if sys.argv[1] == "slot":
    QTimer.singleShot(200, fail)
elif sys.argv[1] == "thread":
    QTimer.singleShot(200, lambda: threading.Thread(target=fail).start())
QTimer.singleShot(500, gc.collect)
QTimer.singleShot(700, look)
sys.exit(application.run(parse(["--audio", "silent", "--library", sys.argv[2]])))
"""


def run(home: Path, library: Path, act: str = "") -> str:
    """What was on the screen; the program still answered, or it would not have looked."""
    environment = dict(os.environ, MUSICMED_HOME=str(home), QT_QPA_PLATFORM="offscreen")
    command = [sys.executable, "-c", PROGRAM, act, str(library)]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 7, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("place", ["slot", "thread"])
def test_a_bug_is_shown_and_the_app_goes_on(tmp_path: Path, place: str) -> None:
    shown = run(tmp_path / "home", tmp_path / "sad", place)
    assert "CrashNotice|Something went wrong in the app." in shown
    report = shown.partition("COPIED ")[2].partition("END")[0]
    assert report.startswith("MusicMed Desktop")
    assert "ValueError" in report
    assert "sad" not in report
    assert str(tmp_path) not in report


def test_without_a_bug_there_is_no_notice(tmp_path: Path) -> None:
    assert "CrashNotice" not in run(tmp_path / "home", tmp_path / "library")


def test_a_library_that_is_a_file_is_told_and_another_one_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    shown = run(tmp_path / "home", tmp_path / "file")
    assert "Window|" in shown
    assert "is a file, not a folder" in shown


def test_where_nothing_can_be_kept_at_all_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    shown = run(tmp_path / "file", tmp_path / "file")
    assert "is a file, not a folder" in shown
    assert "Window|" not in shown


def test_a_library_on_a_disk_that_is_read_only_can_be_looked_at(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "ro") as disk:
        assert "Window|" in run(tmp_path / "home", disk)
        first = SingleInstance(disk)
        assert first.first
        assert not SingleInstance(disk).first  # it is called, without a lock
        first.close()
