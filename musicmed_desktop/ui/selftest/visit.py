"""The way through the window that the self-test takes: what a first-time listener does."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMessageBox

from musicmed_desktop.affect import mood
from musicmed_desktop.ui.circumplex import AffectPad
from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.places import Places
from musicmed_desktop.ui.selftest.hands import Condition, Script, click, find_button
from musicmed_desktop.ui.selftest.report import Report
from musicmed_desktop.ui.selftest.stalls import StallWatch
from musicmed_desktop.ui.session import SessionController

_MOMENT_S = 0.25


def visit(places: Places, controller: SessionController, report: Report, stalls: StallWatch) -> Script:
    """Check in, listen to the end, check out, find the session in the list."""
    yield "the introduction", at(places, "introduction")
    while places.here == "introduction":
        yield moment()
        click(places.introduction.next)
    yield "the check-in", at(places, "check_in")
    yield moment()
    point_at(places.check_in.feeling.pad, "sad")
    yield moment()
    click(find_button(places.check_in, "Calm"))
    yield moment()
    yield "the Start button", places.check_in.start.isEnabled
    stalls.start()
    started = perf_counter()
    click(places.check_in.start)
    yield "the first sound", lambda: sounds(places, controller)
    report.time_to_first_sound_s = round(perf_counter() - started, 3)
    yield "the listening page", at(places, "listening")
    yield "the end of the session", at(places, "check_out")
    stalls.stop()
    point_at(places.check_out.asking.feeling.pad, "calm")
    yield "the Done button", places.check_out.asking.done.isEnabled
    click(places.check_out.asking.done)
    yield "the result", places.check_out.result.isVisible
    click(find_button(places, "My sessions"))
    yield "the list", at(places, "sessions")
    yield "the session in the list", lambda: places.sessions.list.chosen is not None
    kept = places.sessions.list.chosen
    if kept is None or kept.after is None:
        raise RuntimeError("the session in the list has no feeling after it")
    report.session_id = kept.id
    report.underruns = kept.underruns


def moment() -> tuple[str, Condition]:
    """What a quick person needs between two clicks."""
    over = perf_counter() + _MOMENT_S
    return "a moment", lambda: perf_counter() > over


def sounds(places: Places, controller: SessionController) -> bool:
    """Whether there is music; RuntimeError with what the window says instead."""
    for box in places.window().findChildren(QMessageBox):
        if box.isVisible():
            raise RuntimeError(box.text())
    return controller.player is not None and controller.player.position_s > 0


def at(places: Places, place: str) -> Condition:
    return lambda: places.here == place


def point_at(pad: AffectPad, word: str) -> None:
    """Click where a feeling lies."""
    click(pad, QPoint(Canvas.of(pad).at(mood(word).affect).toPoint()))
