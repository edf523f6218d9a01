"""One offer that fits this computer; the rest is folded away."""

from __future__ import annotations

from time import sleep

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.models.catalogue import Entry, catalogue
from musicmed_desktop.engines.models.fitness import Fit
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, Told
from musicmed_desktop.ui.pages.models.getting import ALL_HERE, ALL_THE_SAME, BEST_HERE, LOOKING, NO_ROOM, Getting
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.transfers import Transfer
from tests.fakes.showing import shown

MODELS = {entry.name: entry for entry in catalogue() if entry.kind == "model"}
SMALL, MEDIUM, LARGE = (MODELS[f"musicgen-{size}"] for size in ("small", "medium", "large"))
FITS = Fit(SMALL, 0.6, True, "It keeps up.")
SLOW = Fit(MEDIUM, 2.0, True, "It is slow.")
TOO_LARGE = Fit(LARGE, None, False, "It needs memory.")


@pytest.fixture
def getting(services: Services, qtbot: QtBot) -> Getting:
    return shown(qtbot, Getting(services), 600, 800)


def show(getting: Getting, *fits: Fit, missing: tuple[Entry, ...] = (SMALL, MEDIUM, LARGE)) -> None:
    getting.show_missing(missing)
    getting.show_fits(fits)


def words(getting: Getting) -> str:
    return " ".join(label.text() for label in getting.findChildren(QLabel) if label.isVisibleTo(getting))


def offered(getting: Getting) -> list[str]:
    return [offer.get.text() for offer in getting.offers if offer.get.isVisibleTo(getting)]


def test_until_it_has_looked_it_says_so(getting: Getting) -> None:
    getting.show_missing((SMALL,))
    assert getting.says.text() == LOOKING
    assert getting.offers == []


def test_what_fits_is_offered_and_the_rest_on_demand(getting: Getting) -> None:
    show(getting, FITS, SLOW, TOO_LARGE)
    assert offered(getting) == ["Download 2.4 GB"]
    assert getting.offers[0].get.property("look") == "primary"
    assert "It keeps up." in words(getting)
    assert "Licence: Creative Commons" in words(getting)
    assert "It is slow." not in words(getting)
    QTest.keyClick(getting.more, Qt.Key.Key_Space)
    assert offered(getting) == ["Download 2.4 GB", "Download 4.8 GB"]  # nothing that there is no room for
    assert "It needs memory." in words(getting)


def test_what_does_not_keep_up_is_not_urged_on_anybody(getting: Getting) -> None:
    show(getting, SLOW, TOO_LARGE)
    assert getting.says.text() == "It is slow."
    assert offered(getting) == []
    assert getting.more.text() == ALL_THE_SAME
    QTest.keyClick(getting.more, Qt.Key.Key_Space)
    assert offered(getting) == ["Download 4.8 GB"]
    assert getting.offers[0].get.property("look") != "primary"


def test_what_was_not_measured_is_not_measured_again(getting: Getting) -> None:
    show(getting, TOO_LARGE)
    assert not getting.again.isVisibleTo(getting)
    show(getting, FITS, TOO_LARGE)
    assert getting.again.isVisibleTo(getting)


def test_where_there_is_no_room_the_composer_is_enough(getting: Getting) -> None:
    show(getting, TOO_LARGE)
    assert getting.says.text() == f"It needs memory. {NO_ROOM}"
    assert offered(getting) == []


def test_what_is_here_is_not_offered_again(getting: Getting) -> None:
    show(getting, FITS, SLOW, missing=(MEDIUM,))
    assert getting.says.text() == BEST_HERE
    assert offered(getting) == []
    assert "Licence" not in words(getting)
    show(getting, FITS, SLOW, missing=())
    assert getting.says.text() == ALL_HERE
    assert not getting.more.isVisibleTo(getting)


def test_a_button_carries_its_entry_and_nothing_begins_beside_what_is_under_way(
    getting: Getting, services: Services, qtbot: QtBot
) -> None:
    show(getting, FITS, SLOW)
    with qtbot.waitSignal(getting.wanted) as wanted:
        QTest.mouseClick(getting.offers[0].get, Qt.MouseButton.LeftButton)
    assert wanted.args == [SMALL]
    getting.more.setChecked(True)
    services.transfers.begin(Transfer(SMALL.name, "Downloading", _until_stopped))
    getting.show_transfer(services.transfers)
    assert offered(getting) == ["Download 4.8 GB"]
    assert not getting.offers[1].get.isEnabled()


def _until_stopped(_: Told, cancelled: Cancelled) -> str:
    while not cancelled():
        sleep(0.01)
    raise CancelledError


@pytest.mark.parametrize("name", MODELS)
def test_each_of_the_catalogue_can_be_shown(getting: Getting, name: str) -> None:
    show(getting, Fit(MODELS[name], 0.5, True, "Good."))
    assert MODELS[name].title in words(getting)
