"""The whole program in a process of its own: closed in the middle of a download, and started again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.engines.models.store import Store
from tests.fakes.hub import Stall, hub_of
from tests.fakes.killing import ROOT
from tests.fakes.models import agreed_store, save_model

# Downloads (first argument: the hub's folder) until a part is there, and closes; without that says what it is told.
PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.paths import models_folder
from musicmed_desktop.ui import application, half_done
from musicmed_desktop.ui.options import parse
from musicmed_desktop.ui.window import Window
from tests.fakes.hub import entry_of

entry = entry_of(Path(sys.argv[1]), "someone/tiny")
half_done.catalogue = lambda: (entry,)
app = application.make_application()
timer = QTimer()

def window():
    return next(each for each in app.topLevelWidgets() if isinstance(each, Window))

def begin():
    if sys.argv[2] == "download":
        window().places.models.desk.download(entry)
        timer.timeout.connect(close_when_half)
    else:
        timer.timeout.connect(close_when_told)
    timer.start(20)

def close_when_half():
    if Store(models_folder()).staged(entry.name) >= 300_000:
        timer.stop()
        print("half", flush=True)
        global closed
        closed = time.monotonic()
        window().close()

def close_when_told():
    if window().places.notice.isVisible():
        timer.stop()
        print(window().places.notice.accessibleName())
        window().close()

closed = 0.0
QTimer.singleShot(100, begin)
code = application.run(parse(["--audio", "silent"]))
print(f"closed in {time.monotonic() - closed:.1f} s")
sys.exit(code)
"""


def run(home: Path, made: Path, act: str, endpoint: str) -> str:
    environment = dict(os.environ, MUSICMED_HOME=str(home), QT_QPA_PLATFORM="offscreen", HF_ENDPOINT=endpoint)
    command = [sys.executable, "-c", PROGRAM, str(made), act]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=40, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "QThread" not in ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


@pytest.fixture
def made(tmp_path: Path) -> Path:
    save_model(tmp_path / "hub" / "someone" / "tiny")
    return tmp_path / "hub"


def test_closing_pauses_a_download_and_the_next_start_tells_of_it(tmp_path: Path, made: Path) -> None:
    home = tmp_path / "home"
    store = agreed_store(home / "models")
    with hub_of(made) as hub:
        hub.faults.append(Stall(400_000, where="/storage/", lasting=True))  # a line that hangs
        told = run(home, made, "download", hub.address)
    assert told.startswith("half")
    assert float(told.split("closed in ")[1].split()[0]) < 5
    assert store.installed() == ()
    assert Store(home / "models").staged("tiny") >= 300_000
    assert "A part of Tiny is here." in run(home, made, "look", "http://127.0.0.1:1")
