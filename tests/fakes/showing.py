"""Widgets as a person has them before them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.services import Services

W = TypeVar("W", bound=QWidget)


def shown(qtbot: QtBot, widget: W, width: int = 960, height: int = 680) -> W:
    """The widget, in sight; it is gone after the test."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def settle(qtbot: QtBot, services: Services) -> None:
    """Wait until all is done that was asked for in the background."""
    done: list[None] = []
    services.tasks.run(lambda: None, done.append)
    qtbot.waitUntil(lambda: bool(done))


def turn_wheel(widget: QWidget) -> bool:
    """Turn the mouse wheel by a notch in the middle of a widget; whether it took that for itself."""
    turn, middle = QPoint(0, -120), QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        turn,
        turn,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
