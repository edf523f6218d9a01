"""The whole program in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import write_plan
from musicmed_desktop.library.locking import lock
from musicmed_desktop.paths import HOME, PORTABLE
from musicmed_desktop.plan import Prescription
from musicmed_desktop.ui.single_instance import SingleInstance
from tests.fakes.killing import ROOT, small_disk
from tests.fakes.sessions import keep_session

PASSPHRASE = "seven green umbrellas"

# Runs the app with what the first argument says done in its window, prints what was shown, and closes it.
PROGRAM = """
import gc, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from musicmed_desktop.ui import application
from musicmed_desktop.ui.options import parse

def fail():
    raise ValueError("I feel so sad, says " + sys.argv[2])

def look():
    windows = {type(each).__name__: each for each in QApplication.topLevelWidgets() if each.isVisible()}
    wanted = {"slot": "CrashNotice", "thread": "CrashNotice", "minimise": None, "": None}.get(sys.argv[1], "Window")
    asking = windows.get("PassphraseDialog")
    if sys.argv[1] == "late" and asking and not asking.secrets.complete:
        application.SingleInstance(Path(sys.argv[2])).call_first(Path(sys.argv[2]).with_name("evening.musicmed-plan"))
    if sys.argv[1] in ("unlock", "late") and asking and not asking.progress.isVisible():
        asking.secrets.fields[0].setText(sys.argv[3])
        asking.yes.click()
    labels = [each for each in QApplication.allWidgets() if isinstance(each, QLabel)]
    awaited = {"late": "sleep", "file": "evening"}.get(sys.argv[1], "")
    unread = awaited and not any(awaited in each.text() for each in labels)
    hidden = sys.argv[1] == "minimise" and (not asking or asking.isMinimized())
    if hidden and asking:
        print("HIDDEN", flush=True)
    if hidden or unread or (wanted and wanted not in windows):
        QTimer.singleShot(100, look)
        return
    for shown in windows.values():
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
elif sys.argv[1] == "minimise":
    hide = lambda each: each.showMinimized() if type(each).__name__ == "PassphraseDialog" else None
    QTimer.singleShot(300, lambda: [hide(each) for each in QApplication.topLevelWidgets()])
QTimer.singleShot(500, gc.collect)
QTimer.singleShot(700, look)
file = [sys.argv[3]] if sys.argv[1] == "file" else []
sys.exit(application.run(parse(["--audio", "silent", "--library", sys.argv[2], *file])))
"""


def run(home: Path, library: Path, act: str = "", more: str = "") -> str:
    """What was on the screen; the program still answered, or it would not have looked."""
    with started(home, library, act, more) as program:
        shown, errors = program.communicate(timeout=20)
    assert program.returncode == 7, errors
    return shown


def started(home: Path, library: Path, act: str, more: str = "") -> subprocess.Popen[str]:
    environment = dict(os.environ, MUSICMED_HOME=str(home), QT_QPA_PLATFORM="offscreen")
    command = [sys.executable, "-c", PROGRAM, act, str(library), more]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


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


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    keep_session(Library(tmp_path / "locked"))
    lock(tmp_path / "locked", PASSPHRASE)
    return tmp_path / "locked"


def test_a_locked_library_asks_before_anything_is_shown(tmp_path: Path, locked: Path) -> None:
    shown = run(tmp_path / "home", locked)
    assert "PassphraseDialog|Your sessions are locked." in shown
    assert "Window|" not in shown


def test_unlocked_the_window_is_there(tmp_path: Path, locked: Path) -> None:
    shown = run(tmp_path / "home", locked, "unlock", PASSPHRASE)
    assert "Window|" in shown
    assert "PassphraseDialog" not in shown


def test_a_file_that_comes_before_the_passphrase_is_opened_behind_it(tmp_path: Path, locked: Path) -> None:
    plan = Prescription(start=mood("sad").affect, target=mood("calm").affect)
    write_plan(plan, tmp_path / "evening.musicmed-plan", "Before you sleep.")
    assert "Before you sleep." in run(tmp_path / "home", locked, "late", PASSPHRASE)


def test_a_second_start_brings_up_the_question(tmp_path: Path, locked: Path, qtbot: QtBot) -> None:
    with started(tmp_path / "home", locked, "minimise") as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "HIDDEN\n"
        second = SingleInstance(locked)
        assert not second.first
        assert second.call_first()
        shown, errors = program.communicate(timeout=20)
    assert "PassphraseDialog|" in shown, errors


def test_a_plan_on_the_command_line_is_opened(tmp_path: Path) -> None:
    plan = Prescription(start=mood("sad").affect, target=mood("calm").affect)
    write_plan(plan, tmp_path / "a.musicmed-plan", "For the evening.")
    shown = run(tmp_path / "home", tmp_path / "library", "file", str(tmp_path / "a.musicmed-plan"))
    assert "For the evening." in shown


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt has one place for it")
def test_a_portable_program_keeps_what_qts_file_dialog_remembers(tmp_path: Path) -> None:
    (tmp_path / PORTABLE).touch()
    program = (
        "import sys; sys.frozen, sys.executable = True, sys.argv[1] + '/musicmed-desktop';"
        "from PySide6.QtCore import QSettings; from musicmed_desktop.ui.application import make_application;"
        "make_application(); print(QSettings(QSettings.Scope.UserScope, 'QtProject').fileName())"
    )
    environment = {name: value for name, value in os.environ.items() if name != HOME} | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path / "MusicMed data")
