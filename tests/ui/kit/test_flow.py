from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.kit import Flow, button
from musicmed_desktop.ui.theme import appearance
from tests.fakes.showing import shown


def flow(qtbot: QtBot, width: int, *parts: QWidget) -> list[QRect]:
    """Where the parts lie in a flow of that width."""
    holder = QWidget()
    holder.setLayout(Flow(*parts))
    shown(qtbot, holder, width, 200)
    return [part.geometry() for part in parts]


def test_what_has_no_room_goes_on_below(qtbot: QtBot) -> None:
    first, second, third = (button(f"Button {number}") for number in range(3))
    width = first.sizeHint().width() + second.sizeHint().width() + appearance().gap(20)
    one, two, three = flow(qtbot, width, first, second, third)
    assert one.top() == two.top() < three.top()
    assert one.right() < two.left()
    assert three.left() == one.left()


def test_a_slider_takes_the_room_that_is_left(qtbot: QtBot) -> None:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    before, along, after = flow(qtbot, 600, button("Pause"), slider, button("Back"))
    assert before.right() < along.left()
    assert along.right() < after.left()
    assert after.right() == 599


def test_hidden_parts_take_no_room(qtbot: QtBot) -> None:
    gone, there = button("Gone"), button("There")
    gone.hide()
    _, place = flow(qtbot, 400, gone, there)
    assert place.left() == 0
