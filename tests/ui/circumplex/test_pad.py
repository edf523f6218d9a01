from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.ui.circumplex.colours import place_colour
from musicmed_desktop.ui.circumplex.pad import AffectPad
from musicmed_desktop.ui.circumplex.thumb import RADIUS
from musicmed_desktop.ui.theme import TOKENS, Theme, appearance
from tests.fakes.showing import shown

WORRIED = Affect(-0.6, 0.6)


@pytest.fixture
def pad(qtbot: QtBot) -> AffectPad:
    return shown(qtbot, AffectPad(), 480, 420)


def where(pad: AffectPad, affect: Affect) -> QPoint:
    return pad.canvas.at(affect).toPoint()


def near(one: Affect | None, other: Affect, tolerance: float = 0.01) -> bool:
    return one is not None and one.distance(other) <= tolerance


def picture(pad: AffectPad) -> QImage:
    return pad.grab().toImage()


def differing(one: QImage, other: QImage) -> list[tuple[int, int]]:
    """Every third position at which two pictures differ."""
    return [
        (x, y)
        for x in range(0, one.width(), 3)
        for y in range(0, one.height(), 3)
        if one.pixel(x, y) != other.pixel(x, y)
    ]


def test_a_click_chooses_the_place_under_it(pad: AffectPad) -> None:
    assert pad.affect is None
    moved: list[Affect] = []
    chosen: list[Affect] = []
    pad.moved.connect(moved.append)
    pad.chosen.connect(chosen.append)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=where(pad, WORRIED))
    assert near(pad.affect, WORRIED)
    assert moved == chosen == [pad.affect]


def test_a_drag_tells_every_place_and_chooses_the_last(pad: AffectPad, qtbot: QtBot) -> None:
    moved: list[Affect] = []
    chosen: list[Affect] = []
    pad.moved.connect(moved.append)
    pad.chosen.connect(chosen.append)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=where(pad, WORRIED))
    for valence in (-0.3, 0.0, 0.3):
        QTest.mouseMove(pad, where(pad, Affect(valence, 0.0)))
        qtbot.wait(1)
    assert not chosen
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=where(pad, Affect(0.3, 0.0)))
    assert near(moved[0], WORRIED)
    assert near(moved[-1], Affect(0.3, 0.0))
    assert chosen == [moved[-1]]


def test_the_right_button_chooses_nothing(pad: AffectPad, qtbot: QtBot) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.RightButton, pos=where(pad, WORRIED))
    assert pad.affect is None


def test_a_press_beyond_the_rim_is_drawn_in(pad: AffectPad, qtbot: QtBot) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert pad.affect is not None
    assert pad.affect.valence < -0.7
    assert pad.affect.arousal > 0.7


def test_a_finger_works_as_a_mouse_does(pad: AffectPad, qtbot: QtBot) -> None:
    chosen: list[Affect] = []
    moved: list[Affect] = []
    pad.chosen.connect(chosen.append)
    pad.moved.connect(moved.append)
    finger = QTest.createTouchDevice()
    QTest.touchEvent(pad, finger).press(0, where(pad, WORRIED), pad).commit()
    assert near(pad.affect, WORRIED)
    QTest.touchEvent(pad, finger).move(0, where(pad, Affect(0.5, -0.5)), pad).commit()
    assert not chosen
    QTest.touchEvent(pad, finger).release(0, where(pad, Affect(0.5, -0.5)), pad).commit()
    assert len(chosen) == 1
    assert near(chosen[0], Affect(0.5, -0.5))
    assert near(moved[0], WORRIED)


@pytest.mark.parametrize(
    ("key", "shift", "there"),
    [
        (Qt.Key.Key_Right, False, Affect(0.05, 0)),
        (Qt.Key.Key_Left, True, Affect(-0.2, 0)),
        (Qt.Key.Key_Up, False, Affect(0, 0.05)),
        (Qt.Key.Key_Down, True, Affect(0, -0.2)),
    ],
)
def test_arrow_keys(pad: AffectPad, qtbot: QtBot, key: Qt.Key, shift: bool, there: Affect) -> None:
    pressed = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignals([pad.moved, pad.chosen]):
        QTest.keyClick(pad, key, pressed)
    assert near(pad.affect, there, 1e-9)


def test_the_keys_stay_within_the_rim_and_find_home(pad: AffectPad, qtbot: QtBot) -> None:
    for _ in range(9):
        QTest.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert pad.affect == Affect(0.0, 1.0)
    QTest.keyClick(pad, Qt.Key.Key_Home)
    assert pad.affect == Affect(0.0, 0.0)


def test_showing_a_point_tells_nobody(pad: AffectPad, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pad.moved), qtbot.assertNotEmitted(pad.chosen):
        pad.set_affect(WORRIED)
        pad.set_affect(None)
    assert pad.affect is None


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("affect", [WORRIED, Affect(0.9, 0.2), Affect(-0.3, -1.0)])
def test_the_thumb_is_where_the_feeling_is_in_its_colour(pad: AffectPad, theme: Theme, affect: Affect) -> None:
    appearance().apply(theme, 100)
    empty = picture(pad)
    pad.set_affect(affect)
    seen = picture(pad)
    cheek = pad.canvas.at(affect).toPoint() + QPoint(round(-0.75 * RADIUS), 2)
    shown, wanted = QColor(seen.pixel(cheek)), place_colour(TOKENS[theme], affect)
    assert max(abs(shown.red() - wanted.red()), abs(shown.blue() - wanted.blue())) <= 3
    x, y = pad.canvas.disc.position(affect)
    invited = pad.canvas.disc.centre
    for at in differing(empty, seen):
        by_thumb = abs(at[0] - x) < 60 and abs(at[1] - y) < 50
        assert by_thumb or (abs(at[0] - invited[0]) < 80 and abs(at[1] - invited[1]) < 90)


def test_the_face_smiles_with_a_pleasant_feeling(pad: AffectPad) -> None:
    """The mouth's corners lie above its middle, and below it with an unpleasant one."""

    def corner(valence: float) -> float:
        affect = Affect(valence, 0.0)
        pad.set_affect(affect)
        seen, at = picture(pad), pad.canvas.at(affect).toPoint()
        ink = QColor(appearance().tokens.ink)

        def mouth(dx: int) -> float:
            rows = range(round(0.2 * RADIUS), round(0.85 * RADIUS))
            return min(rows, key=lambda dy: abs(QColor(seen.pixel(at + QPoint(dx, dy))).value() - ink.value()))

        return mouth(round(0.36 * RADIUS)) - mouth(0)

    assert corner(0.8) < 0 < corner(-0.8)


def test_the_focus_can_be_seen(pad: AffectPad, qtbot: QtBot) -> None:
    pad.clearFocus()
    without = picture(pad)
    pad.activateWindow()
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(pad.hasFocus)
    x, y = pad.canvas.disc.outward(2.0)
    before, now = (QColor(image.pixel(round(x), round(y))) for image in (without, picture(pad)))
    assert now.hsvSaturation() > before.hsvSaturation() + 80
    assert abs(now.hue() - QColor(appearance().tokens.focus).hue()) < 12


def test_path_and_mark_are_drawn(pad: AffectPad) -> None:
    pad.set_affect(Affect(0.0, 0.0))
    plain = picture(pad)
    pad.set_planned((WORRIED, Affect(-0.5, 0.0), Affect(0.6, -0.8)))
    planned = picture(pad)
    assert planned.pixel(where(pad, Affect(-0.55, 0.3))) != plain.pixel(where(pad, Affect(-0.55, 0.3)))
    pad.set_planned(())
    pad.set_mark(Affect(0.5, 0.5))
    ring = where(pad, Affect(0.5, 0.5)) + QPoint(10, 0)
    assert picture(pad).pixel(ring) != plain.pixel(ring)
    pad.set_mark(None)
    pad.clearFocus()
    assert picture(pad).pixel(ring) == plain.pixel(ring)


def test_a_screen_reader_hears_the_feeling(pad: AffectPad, qtbot: QtBot) -> None:
    assert pad.accessibleName() == "How you feel"
    assert "arrow keys" in pad.accessibleDescription()
    pad.set_affect(mood("excited").affect)
    spoken = QAccessible.queryAccessibleInterface(pad)
    assert spoken.text(QAccessible.Text.Description) == "excited: very pleasant, very lively"
    QTest.keyClick(pad, Qt.Key.Key_Home)
    assert spoken.text(QAccessible.Text.Description).startswith("neutral: ")


def test_text_size_and_shape(pad: AffectPad, qtbot: QtBot) -> None:
    small = pad.minimumSizeHint()
    appearance().apply("light", 175)
    assert pad.minimumSizeHint().width() == 560 > small.width() == 320
    pad.resize(900, 600)
    disc = pad.canvas.disc
    assert disc.centre == (450, 300)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=where(pad, WORRIED))
    assert near(pad.affect, WORRIED)
