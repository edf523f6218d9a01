"""Pictures of every screen, light and dark, at 100 % and 175 % text size: `python packaging/screenshots.py OUT`.

Needs a display, as of `xvfb-run -s "-screen 0 1400x1000x24"`. The sessions in the pictures are composed first; all
of it happens in a folder that is thrown away.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic
from uuid import uuid4

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QWidget

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.engines import Choice, open_engine
from musicmed_desktop.library import Library, LibraryRecording
from musicmed_desktop.library.exchange import write_plan
from musicmed_desktop.library.locking import lock
from musicmed_desktop.library.receiving import receive, send
from musicmed_desktop.paths import HOME
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.recognition import create_recognizer
from musicmed_desktop.session.events import StepStored
from musicmed_desktop.session.runner import SessionRunner
from musicmed_desktop.ui.application import make_application, opened
from musicmed_desktop.ui.kit import Dialog
from musicmed_desktop.ui.options import Options
from musicmed_desktop.ui.places import Places
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.selftest.visit import point_at
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.unlocking import ask_to_unlock

SIZE = (1120, 780)
LOOKS = (("light", 100), ("light", 175), ("dark", 100), ("dark", 175))
# Weeks of a made-up listener: days ago, from, to, how they felt after, what they noted.
WEEKS = (
    (34, "anxious", "calm", (-0.1, 0.1), ""),
    (31, "tense", "calm", (0.1, -0.1), "The strings helped."),
    (27, "sad", "positive", (-0.2, -0.2), ""),
    (24, "anxious", "calm", (0.2, -0.3), ""),
    (20, "tired", "focused", (0.3, 0.0), "Before work."),
    (17, "angry", "calm", (0.0, 0.1), ""),
    (13, "anxious", "quiet", (0.3, -0.6), "Slept soon after."),
    (9, "lonely", "positive", (0.2, 0.1), ""),
    (6, "worried", "calm", (0.4, -0.4), ""),
    (2, "tense", "calm", (0.5, -0.5), "Breathing went along with it."),
)


def main() -> int:
    if len(sys.argv) != 2:
        print("Usage: python packaging/screenshots.py OUT", file=sys.stderr)
        return 2
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        os.environ[HOME] = scratch
        make_application()
        library = Library(Path(scratch) / "library")
        compose_weeks(library)
        preferences = Preferences(Path(scratch) / "settings.json")
        preferences.change(theme="light", volume=0.6, engine="builtin")
        appearance().apply("light", 100)
        options = Options(audio="silent", speed=30.0)
        with opened(options, preferences, library) as (window, controller):
            window.resize(*SIZE)
            tour = Tour(window.places, controller, preferences, out)
            tour.walk()
            window.hide()
            tour.show_lock(library.folder)
    return 0


def compose_weeks(library: Library) -> None:
    """One session is composed; the others are its copies with other words. The last one was interrupted."""
    now = datetime.now().astimezone()
    first = compose(library, now - timedelta(days=60))
    assert first.entry is not None
    parcel = send(library, first.id)
    for days, start, target, after, note in WEEKS:
        entry = first.entry.changed(
            id=uuid4().hex,
            title=f"From {start} to {target}",
            started=now - timedelta(days=days, hours=days % 5),
            start_word=start,
            target_word=target,
            before=mood(start).affect,
            wished=mood(target).affect,
            after=Affect(*after),
            note=note,
            favourite=days in (13, 2),
        )
        receive(library, replace(parcel, entry=entry))
    library.delete(first.id)
    library.purge(days=0)
    compose(library, now - timedelta(hours=3), clips=4)


def compose(library: Library, started: datetime, clips: int | None = None) -> LibraryRecording:
    """Five minutes; interrupted when so many clips are stored."""
    plan = build_plan(Prescription(start=mood("anxious").affect, target=mood("calm").affect, minutes=5), seed=3)
    recording = library.recording(started, "anxious to calm")
    with closing(SessionRunner(plan, open_engine(Choice("builtin")), create_recognizer(), recording).run()) as run:
        stored = (event for event in run if isinstance(event, StepStored))
        for _ in islice(stored, clips):
            pass
    return recording


class Tour:
    """Goes through the window and takes a picture of each screen in every look."""

    def __init__(self, places: Places, controller: SessionController, preferences: Preferences, out: Path) -> None:
        self._places = places
        self._controller = controller
        self._preferences = preferences
        self._out = out

    def walk(self) -> None:
        places = self._places
        for step in range(4):
            self._take(f"introduction-{step + 1}")
            click(places.introduction.next)
        until(lambda: has_button(places, "Keep it as it is"))
        self._take("check-in-interrupted")
        click(find_button(places, "Keep it as it is"))
        until(lambda: not has_button(places, "Keep it as it is"))
        self._take("check-in-empty")
        self._plan()
        self._check_in()
        self._listen()
        self._check_out()
        self._visit_places()

    def _plan(self) -> None:
        places, file = self._places, self._out / "evening.musicmed-plan"
        plan = Prescription(start=mood("worried").affect, target=mood("quiet").affect, minutes=20)
        write_plan(plan, file, "This is for the time before you go to bed.\nIf it is too much, press I feel worse.")
        places.open_plan(file)
        until(lambda: has_button(places, "Put the plan away"))
        file.unlink()
        point_at(places.check_in.feeling.pad, "tense")
        wait(300)
        self._take("check-in-plan")
        click(find_button(places, "Put the plan away"))
        click(find_button(places, "Calm"))
        wait(300)
        places.check_in.plans.save.click()
        self._take_dialog("plan-save")

    def _check_in(self) -> None:
        places = self._places
        point_at(places.check_in.feeling.pad, "anxious")
        click(find_button(places.check_in, "Calm"))
        wait(300)
        self._take("check-in")
        click(find_button(places.check_in, "Change what you would like to hear"))
        self._take("check-in-hearing")
        click(find_button(places.check_in, "Change what you would like to hear"))
        click(places.check_in.start)

    def _listen(self) -> None:
        places, controller = self._places, self._controller
        until(lambda: controller.position_s > 340)
        controller.pause()
        self._take("listening")
        click(find_button(places, "How do I feel now?"))
        self._take("listening-feeling")
        click(find_button(places, "Go on from here"))
        until(lambda: controller.position_s > 460)
        click(find_button(places, "I feel worse"))
        until(lambda: len(controller.walk.paths) == 3)
        wait(600)
        self._take("listening-worse")
        click(find_button(places, "Stop"))

    def _check_out(self) -> None:
        places = self._places
        until(lambda: places.here == "check_out")
        self._take("check-out-asking")
        point_at(places.check_out.asking.feeling.pad, "content")
        click(places.check_out.asking.done)
        wait(400)
        self._take("check-out-result")

    def _visit_places(self) -> None:
        places = self._places
        click(find_button(places, "My sessions"))
        until(lambda: places.sessions.list.chosen is not None)
        wait(200)
        self._take("sessions")
        click(find_button(places, "Over the weeks"))
        until(lambda: places.sessions.weeks.plots is not None)
        wait(200)
        self._take("sessions-weeks")
        click(find_button(places, "List"))
        click(find_button(places, "Listen again"))
        until(lambda: places.replay.player is not None and places.replay.player.position_s > 60)
        self._take("replay")
        click(find_button(places, "Settings"))
        wait(300)
        self._take("settings")
        self._take("settings-sessions", places.settings.folder)
        click(find_button(places, "Lock with a passphrase…"))
        self._take_dialog("lock")
        click(find_button(places, "Music models…"))
        until(lambda: places.models.getting.offers)
        self._take("models")
        click(find_button(places, "Help in a crisis"))
        self._take("help")

    def show_lock(self, folder: Path) -> None:
        """What the app asks at its start when the library is locked."""
        tasks = Tasks()
        lock(folder, "seven green umbrellas")
        asking = ask_to_unlock(folder, tasks, lambda _: None)
        asking.refuse("This passphrase does not fit. Please try again.")
        self._take("unlock", asking)
        asking.reject()
        tasks.close()

    def _take_dialog(self, name: str) -> None:
        """A picture of the dialog that the window has opened; then it is closed."""
        window = self._places.window()
        until(lambda: any(each.isVisible() for each in window.findChildren(Dialog)))
        (dialog,) = (each for each in window.findChildren(Dialog) if each.isVisible())
        self._take(name, dialog)
        dialog.reject()
        wait(60)

    def _take(self, name: str, shown: QWidget | None = None) -> None:
        for theme, size in LOOKS:
            self._preferences.change(theme=theme, text_size=size)
            wait(120)
            (shown or self._places.window()).grab().save(str(self._out / f"{name}-{theme}-{size}.png"))
        self._preferences.change(theme="light", text_size=100)
        wait(60)


def has_button(places: Places, text: str) -> bool:
    return any(each.isVisible() and each.text() == text for each in places.findChildren(QAbstractButton))


def until(there: Callable[[], object], patience_s: float = 120.0) -> None:
    """Let the window run until something has happened."""
    end = monotonic() + patience_s
    while not there():
        if monotonic() > end:
            raise TimeoutError("the window did not come that far")
        wait(10)


def wait(milliseconds: int) -> None:
    """Let the window run. (QTest.qWait would keep Python's other threads from running.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
