"""What is on this computer: which of it is used, and how strongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.models.catalogue import Entry, Source, Wanted
from musicmed_desktop.engines.models.manifest import Kind, Manifest, ManifestFile, write_manifest
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.pages.models.card import KeptCard
from musicmed_desktop.ui.pages.models.shelf import NOTHING, Shelf, without
from musicmed_desktop.ui.pages.models.stock import take_stock
from musicmed_desktop.ui.services import Services
from tests.fakes.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def shelf(services: Services, qtbot: QtBot) -> Shelf:
    return shown(qtbot, Shelf(services.preferences), 600, 700)


def put(store: Store, name: str, kind: Kind = "model", base: str = "", title: str = "") -> Path:
    """What looks like an installed one from outside."""
    folder = store.folder / name
    folder.mkdir(parents=True)
    files = (ManifestFile(path="weights", size=5_000_000, sha256="0" * 64),)
    write_manifest(folder, Manifest(name=name, kind=kind, title=title, base=base, files=files))
    return folder


def entry(name: str, kind: Kind = "model") -> Entry:
    sources = (Source("someone/" + name, "0" * 40, (Wanted("weights"),)),)
    return Entry(name, kind, name.title(), "A model.", "", 1, 100, sources)


def card(shelf: Shelf, name: str) -> KeptCard:
    return next(card for card in shelf.cards if card.kept.installed.name == name)


def words(card: KeptCard) -> str:
    return " ".join(label.text() for label in card.findChildren(QLabel) if not label.isHidden())


def used(shelf: Shelf) -> list[str]:
    return [card.kept.installed.name for card in shelf.cards if not card.in_use.isHidden()]


def test_an_empty_computer_says_so(shelf: Shelf, store: Store) -> None:
    shelf.show_kept(take_stock(store, ()).kept)
    assert [label.text() for label in shelf.findChildren(QLabel) if label.isVisible()][-1] == NOTHING


def test_the_only_model_is_chosen_and_of_several_the_one_that_the_settings_name(
    shelf: Shelf, services: Services, store: Store
) -> None:
    put(store, "large")
    shelf.show_kept(take_stock(store, ()).kept)
    assert used(shelf) == ["large"]
    put(store, "small")
    shelf.show_kept(take_stock(store, ()).kept)
    assert used(shelf) == []  # the app takes the one that this computer can play
    QTest.mouseClick(card(shelf, "small").use, LEFT)
    assert used(shelf) == ["small"]
    assert services.preferences.settings.model == store.folder / "small"
    services.preferences.change(engine="builtin")
    assert used(shelf) == []
    QTest.mouseClick(card(shelf, "small").use, LEFT)
    assert (used(shelf), services.preferences.settings.engine) == (["small"], "auto")


def test_an_adapter_brings_the_model_that_it_was_made_for(shelf: Shelf, services: Services, store: Store) -> None:
    large, small = put(store, "large"), put(store, "small")
    soft = put(store, "soft", "adapter", "facebook/small")
    shelf.show_kept(take_stock(store, ()).kept)
    assert [each.kept.installed.name for each in shelf.cards] == ["large", "small", "soft"]
    QTest.mouseClick(card(shelf, "soft").use, LEFT)
    settings = services.preferences.settings
    assert (settings.model, settings.adapter) == (small, soft)
    assert used(shelf) == ["small", "soft"]
    QTest.mouseClick(card(shelf, "large").use, LEFT)  # which it was not made for
    settings = services.preferences.settings
    assert (settings.model, settings.adapter) == (large, None)
    QTest.mouseClick(card(shelf, "soft").use, LEFT)
    QTest.mouseClick(card(shelf, "soft").stop_using, LEFT)
    assert used(shelf) == ["small"]


def test_an_adapter_without_its_model_says_what_it_needs(shelf: Shelf, store: Store) -> None:
    put(store, "soft", "adapter", "C:\\models\\small")
    shelf.show_kept(take_stock(store, ()).kept)
    assert "Needs small, which is not on this computer." in words(card(shelf, "soft"))
    assert not card(shelf, "soft").use.isEnabled()
    put(store, "small")
    shelf.show_kept(take_stock(store, ()).kept)
    assert "Needs" not in words(card(shelf, "soft"))
    assert card(shelf, "soft").use.isEnabled()


def test_each_adapter_keeps_its_strength(shelf: Shelf, services: Services, store: Store) -> None:
    loud, soft = put(store, "loud", "adapter"), put(store, "soft", "adapter")
    shelf.show_kept(take_stock(store, ()).kept)
    assert card(shelf, "soft").strength.isHidden()
    QTest.mouseClick(card(shelf, "soft").use, LEFT)
    QTest.keyClick(card(shelf, "soft").strength.slider, Qt.Key.Key_Left)
    QTest.mouseClick(card(shelf, "loud").use, LEFT)
    QTest.keyClick(card(shelf, "loud").strength.slider, Qt.Key.Key_Home)
    assert services.preferences.settings.adapter_strengths == {str(soft): 0.95, str(loud): 0.0}
    QTest.mouseClick(card(shelf, "soft").use, LEFT)
    assert card(shelf, "soft").strength.slider.value() == 95
    assert "95 %" in words(card(shelf, "soft"))


def test_a_model_for_evaluation_cannot_be_played(shelf: Shelf, store: Store) -> None:
    put(store, "clap", "evaluation")
    put(store, "small")
    shelf.show_kept(take_stock(store, ()).kept)
    assert [each.kept.installed.name for each in shelf.cards] == ["small", "clap"]
    assert card(shelf, "clap").use.isHidden()
    assert words(card(shelf, "clap")).startswith("clap Model for evaluation, 5.0 MB.")


def test_what_did_not_change_keeps_its_card(shelf: Shelf, store: Store, qtbot: QtBot) -> None:
    put(store, "small", title="MusicGen small")
    shelf.show_kept(take_stock(store, ()).kept)
    before = card(shelf, "small")
    shelf.show_result("small", "It was checked.")
    put(store, "large")
    shelf.show_kept(take_stock(store, ()).kept)
    assert card(shelf, "small") is before
    assert "It was checked." in words(before)
    store.remove("large")
    shelf.show_kept(take_stock(store, ()).kept)
    assert shelf.cards == [before]
    qtbot.waitUntil(lambda: len(shelf.findChildren(KeptCard)) == 1)


def test_what_is_missing_and_what_is_half_here(store: Store) -> None:
    put(store, "small")
    staged = store.folder / ".staging" / "large"
    staged.mkdir(parents=True)
    (staged / "part").write_bytes(b"x" * 70)
    small, large, clap = entry("small"), entry("large"), entry("clap", "evaluation")
    stock = take_stock(store, (small, large, clap))
    assert stock.missing == (large,)
    assert stock.half == (large, 70)
    assert take_stock(store, (small, clap)).half is None


def test_settings_forget_what_was_removed(store: Store) -> None:
    soft, small = put(store, "soft", "adapter"), put(store, "small")
    settings = Settings(model=small, adapter=soft, engine="musicgen").with_strength(soft, 0.5)
    here = take_stock(store, ()).kept
    kept = {each.installed.name: each for each in here}
    assert without(kept["soft"], here, settings) == Settings(model=small, engine="musicgen")
    assert without(kept["small"], here, settings) == settings.changed(model=None)


def test_an_adapter_is_used_no_more_when_its_model_is_removed(store: Store) -> None:
    small, large = put(store, "small"), put(store, "large")
    soft = put(store, "soft", "adapter", base="small")
    here = take_stock(store, ()).kept
    kept = {each.installed.name: each for each in here}
    settings = Settings(model=small, adapter=soft).with_strength(soft, 0.5)
    assert without(kept["small"], here, settings) == settings.changed(model=None, adapter=None)
    assert without(kept["large"], here, settings.changed(model=large)) == settings.changed(model=None)
