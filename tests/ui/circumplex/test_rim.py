from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.circumplex.pad import AffectPad
from musicmed_desktop.ui.theme import appearance


def canvas(qtbot: QtBot, width: int, height: int) -> Canvas:
    pad = AffectPad()
    qtbot.addWidget(pad)
    pad.resize(QSize(width, height))
    return pad.canvas


@pytest.mark.parametrize("text_size", [100, 125, 150, 175])
@pytest.mark.parametrize("shape", [(320, 320), (320, 560), (440, 400), (900, 420), (1200, 900)])
def test_words_are_not_clipped_and_do_not_overlap(qtbot: QtBot, text_size: int, shape: tuple[int, int]) -> None:
    appearance().apply("light", text_size)
    drawn = canvas(qtbot, max(shape[0], appearance().px(320)), max(shape[1], appearance().px(320)))
    words = (*drawn.poles, *drawn.feelings)
    assert [word.word for word in drawn.poles] == ["pleasant", "lively", "unpleasant", "calm"]
    assert all(word.box.within(drawn.frame) for word in words)
    assert not any(a.box.overlaps(b.box) for a, b in combinations(words, 2))


def test_words_of_an_axis_run_along_the_rim_where_there_is_no_room_beside_it(qtbot: QtBot) -> None:
    turns = {word.word: word.turn for word in canvas(qtbot, 320, 320).poles}
    assert turns == {"pleasant": 90, "lively": 0, "unpleasant": -90, "calm": 0}
    assert {word.turn for word in canvas(qtbot, 900, 420).poles} == {0}


def test_there_are_more_words_where_there_is_more_room(qtbot: QtBot) -> None:
    narrow, wide = canvas(qtbot, 320, 320), canvas(qtbot, 800, 600)
    assert 6 <= len(narrow.feelings) < len(wide.feelings)


def test_every_word_stands_in_its_own_direction(qtbot: QtBot) -> None:
    drawn = canvas(qtbot, 800, 600)
    middles = {word.word: (word.box.x + word.box.width / 2, word.box.baseline[1]) for word in drawn.feelings}
    x, y = drawn.disc.centre
    assert middles["angry"][0] < x
    assert middles["angry"][1] < y
    assert middles["peaceful"][0] > x
    assert middles["peaceful"][1] > y
    assert all(not word.box.holds(drawn.disc.centre, drawn.disc.radius * 0.6) for word in drawn.feelings)
