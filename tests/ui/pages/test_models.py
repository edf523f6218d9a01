"""The page "Music models" with real files, a real client and a hub on this computer."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
from huggingface_hub import constants
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.fitness import Fit
from musicmed_desktop.engines.models.importing import Arrival
from musicmed_desktop.engines.models.licences import accepted
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError
from musicmed_desktop.engines.models.store import STAGING, Store
from musicmed_desktop.engines.musicgen.pace import keep, recall
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import HOME
from musicmed_desktop.ui.pages.models import ModelsPage
from musicmed_desktop.ui.pages.models.getting import ALL_HERE, LATER, OFFLINE, STARTED_OFFLINE
from musicmed_desktop.ui.pages.models.shelf import NOTHING
from musicmed_desktop.ui.pages.models.works import WHOLE
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance
from tests.fakes.editions import install
from tests.fakes.hub import FakeHub, Slow, Status, WrongBytes, entry_of, hub_of
from tests.fakes.models import save_model, zipped
from tests.fakes.showing import shown

LICENCE = "CC-BY-NC-4.0"
MB = 1_000_000


class Judge:
    """Says what a computer can play, without measuring it."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = entries
        self.asked = 0

    def measure(self, entries: Iterable[Entry], cancelled: Cancelled) -> tuple[Fit, ...]:
        self.asked += 1
        assert not cancelled()
        paces = (0.6, 2.0)
        return tuple(Fit(entry, pace, True, f"{pace} seconds.") for entry, pace in zip(entries, paces, strict=False))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the hub has: a tiny model."""
    folder = tmp_path_factory.mktemp("hub")
    save_model(folder / "someone" / "tiny")
    return folder


@pytest.fixture
def entry(made: Path) -> Entry:
    return replace(entry_of(made, "someone/tiny"), licence=LICENCE, title="Tiny music")


@pytest.fixture
def hub(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with hub_of(made) as hub:
        # What HF_ENDPOINT does where it is set before the library is imported.
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.address)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", hub.address)
        yield hub


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return Store(tmp_path / "home" / "models")


@pytest.fixture
def judge(entry: Entry) -> Judge:
    return Judge(entry)


@pytest.fixture
def page(services: Services, store: Store, judge: Judge, qtbot: QtBot) -> ModelsPage:
    return opened(qtbot, services, judge)


def opened(qtbot: QtBot, services: Services, judge: Judge, playing: Callable[[], bool] = lambda: False) -> ModelsPage:
    return shown(qtbot, ModelsPage(services, playing, lambda: judge.entries, judge.measure), 760, 900)


def press(qtbot: QtBot, within: QWidget, text: str) -> None:
    """Press the button that is, or comes, in sight."""

    def found() -> QPushButton | None:
        buttons = (each for each in within.findChildren(QPushButton) if each.isVisible() and each.isEnabled())
        return next((each for each in buttons if each.text() == text), None)

    qtbot.waitUntil(lambda: found() is not None)
    button = found()
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(qtbot: QtBot, page: QWidget, text: str) -> str:
    """Answer the question that comes; its words."""

    def question() -> QMessageBox | None:
        return next((each for each in page.findChildren(QMessageBox) if each.isVisible()), None)

    qtbot.waitUntil(lambda: question() is not None)
    box = question()
    assert box is not None
    words = f"{box.text()} {box.informativeText()}"
    next(each for each in box.buttons() if each.text() == text).click()
    return words


def choose(page: QWidget, path: Path) -> None:
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def begin_slowly(qtbot: QtBot, page: ModelsPage, store: Store, entry: Entry, hub: FakeHub) -> None:
    """A download that has begun, and takes a while."""
    hub.faults.append(Slow(50_000, 0.03, where="/storage/", lasting=True))
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: store.staged(entry.name) > 0, timeout=10_000)


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def said(qtbot: QtBot, within: QWidget, text: str) -> None:
    qtbot.waitUntil(lambda: text in words(within))


def test_a_model_is_downloaded_after_its_licence_was_accepted(
    qtbot: QtBot, page: ModelsPage, services: Services, store: Store, entry: Entry, hub: FakeHub
) -> None:
    said(qtbot, page, NOTHING)
    said(qtbot, page, "0.6 seconds.")
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    assert "commercial advantage" in answer(qtbot, page, "I accept")
    with qtbot.waitSignal(page.notice, timeout=20_000) as told:
        pass
    assert told.args == ["Tiny music is on this computer now.", None]
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1)
    card = page.shelf.cards[0]
    said(qtbot, card, "Music model, 1.3 MB. Licence: CC-BY-NC-4.0. From someone/\u200btiny.")
    assert card.in_use.isVisible()  # the first model that is here
    assert not page.row.isVisible()
    said(qtbot, page, ALL_HERE)
    assert accepted(store, LICENCE)
    assert [each.name for each in store.installed()] == ["tiny"]


def test_without_its_licence_nothing_is_fetched(
    qtbot: QtBot, page: ModelsPage, store: Store, entry: Entry, hub: FakeHub
) -> None:
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    answer(qtbot, page, "Not now")
    qtbot.waitUntil(lambda: not page.row.isVisible())
    assert hub.requests == []
    assert not store.folder.exists()


def test_a_download_is_paused_found_again_at_the_next_start_and_gone_on_with(
    qtbot: QtBot, page: ModelsPage, services: Services, store: Store, judge: Judge, entry: Entry, hub: FakeHub
) -> None:
    hub.faults.append(Slow(50_000, 0.03, where="/storage/", lasting=True))
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: store.staged(entry.name) > MB / 2, timeout=10_000)
    assert page.row.what.text() == "Downloading Tiny music"
    assert not page.bringing.folder.isEnabled()
    press(qtbot, page, "Pause")
    qtbot.waitUntil(page.row.resume.isVisible, timeout=10_000)
    services.transfers.leave()  # another start of the app knows nothing of it
    page.hide()
    again = opened(qtbot, services, judge)
    said(qtbot, again, "MB are here already.")
    assert 0 < again.row.bar.value() < again.row.bar.maximum()
    hub.faults.clear()
    press(qtbot, again, "Resume")
    qtbot.waitUntil(lambda: len(again.shelf.cards) == 1, timeout=20_000)
    resumed = [request for request in hub.requests if request.server == "storage"][-1]
    assert int(resumed.headers["range"].removeprefix("bytes=").rstrip("-")) >= MB / 4


def test_what_is_cancelled_leaves_nothing(
    qtbot: QtBot, page: ModelsPage, services: Services, store: Store, entry: Entry, hub: FakeHub
) -> None:
    begin_slowly(qtbot, page, store, entry, hub)
    press(qtbot, page, "Cancel")
    qtbot.waitUntil(lambda: services.transfers.state == "idle", timeout=10_000)
    assert store.staged(entry.name) == 0
    assert store.installed() == ()
    assert page.getting.offers[0].get.isVisible()


def test_trouble_is_told_with_what_to_do_and_tried_again(
    qtbot: QtBot, page: ModelsPage, store: Store, entry: Entry, hub: FakeHub
) -> None:
    hub.faults.append(WrongBytes(where="/storage/"))
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: page.row.problem.text() == "model.safetensors has arrived damaged.", timeout=20_000)
    assert page.row.advice.text()
    assert store.installed() == ()
    press(qtbot, page, "Try again")
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1, timeout=20_000)


def test_a_token_is_asked_for_where_one_is_needed_and_used_for_this_download_alone(
    qtbot: QtBot, page: ModelsPage, entry: Entry, hub: FakeHub, tmp_path: Path
) -> None:
    hub.faults.append(Status(401, (("X-Error-Code", "GatedRepo"),)))
    press(qtbot, page, f"Download {entry.download / MB:.1f} MB")
    answer(qtbot, page, "I accept")
    token = page.row.token
    qtbot.waitUntil(token.isVisible, timeout=20_000)
    assert not page.row.again.isVisible()
    assert not token.go_on.isEnabled()
    assert token.token.echoMode() == token.token.EchoMode.Password
    QTest.keyClicks(token.token, "hf_secret")
    QTest.keyClick(token.token, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1, timeout=20_000)
    assert any(request.headers.get("authorization") == "Bearer hf_secret" for request in hub.requests)
    assert token.token.text() == ""
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and b"hf_secret" in file.read_bytes()]
    assert kept == []


@pytest.mark.parametrize("way", ["folder", "zip", "drop"])
def test_a_model_is_imported(
    qtbot: QtBot, page: ModelsPage, store: Store, made: Path, tmp_path: Path, way: str
) -> None:
    folder = made / "someone" / "tiny"
    if way == "folder":
        press(qtbot, page, "Import a folder…")
        choose(page, folder)
    elif way == "zip":
        press(qtbot, page, "Import a zip file…")
        choose(page, zipped(folder, tmp_path / "tiny.zip", "tiny"))
    else:
        drop(page, folder)
    assert answer(qtbot, page, "Import").startswith("Import tiny? Music model, 1.")
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1, timeout=20_000)
    said(qtbot, page.shelf.cards[0], "Imported from tiny")


def test_what_is_no_model_is_refused_at_a_glance(qtbot: QtBot, page: ModelsPage, tmp_path: Path, store: Store) -> None:
    (tmp_path / "photos").mkdir()
    drop(page, tmp_path / "photos")
    answer(qtbot, page, "Close")
    assert not page.row.isVisible()
    assert store.installed() == ()


def drop(page: ModelsPage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.fixture
def owned(qtbot: QtBot, page: ModelsPage, made: Path, store: Store) -> ModelsPage:
    """The page of somebody who has a model."""
    drop(page, made / "someone" / "tiny")
    answer(qtbot, page, "Import")
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1 and not page.row.isVisible(), timeout=20_000)
    return page


def test_a_model_is_checked_copied_and_removed(
    qtbot: QtBot, owned: ModelsPage, services: Services, store: Store, tmp_path: Path
) -> None:
    press(qtbot, owned, "Check")
    said(qtbot, owned, WHOLE)
    press(qtbot, owned, "Copy to a stick…")
    (tmp_path / "stick").mkdir()
    choose(owned, tmp_path / "stick")
    qtbot.waitUntil(lambda: "was copied to" in words(owned.shelf.cards[0]), timeout=10_000)
    assert (tmp_path / "stick" / "tiny" / "model.safetensors").is_file()
    services.preferences.change(model=store.folder / "tiny")
    press(qtbot, owned, "Remove")
    answer(qtbot, owned, "Keep")
    assert store.installed()
    press(qtbot, owned, "Remove")
    answer(qtbot, owned, "Remove")
    said(qtbot, owned, NOTHING)
    assert store.installed() == ()
    assert services.preferences.settings.model is None
    assert not list((store.folder / STAGING).iterdir())


def test_one_flipped_byte_is_found(qtbot: QtBot, owned: ModelsPage, store: Store) -> None:
    weights = store.folder / "tiny" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    press(qtbot, owned, "Check")
    qtbot.waitUntil(owned.row.problem.isVisible, timeout=10_000)
    assert owned.row.problem.text() == "tiny is not as it was."
    assert owned.row.advice.text().startswith("model.safetensors is damaged. Please remove it")
    press(qtbot, owned, "Close")
    qtbot.waitUntil(lambda: not owned.row.isVisible())


def test_offline_nothing_is_offered_and_it_says_how_to_change_that(
    qtbot: QtBot, page: ModelsPage, services: Services
) -> None:
    said(qtbot, page, "0.6 seconds.")
    QTest.keyClick(page.getting.offline, Qt.Key.Key_Space)
    assert services.preferences.settings.offline
    assert page.getting.says.text() == OFFLINE
    assert not page.getting.offers[0].get.isVisible()
    services.preferences.change(offline=False)
    assert not page.getting.offline.isChecked()
    assert page.getting.offers[0].get.isVisible()


def test_a_paused_download_does_not_go_on_offline(
    qtbot: QtBot, page: ModelsPage, services: Services, entry: Entry, hub: FakeHub
) -> None:
    services.preferences.change(offline=True)
    page.desk.download(entry)
    qtbot.waitUntil(page.row.again.isVisible)
    assert hub.requests == []


def test_started_offline_the_switch_cannot_be_moved(
    qtbot: QtBot, services: Services, store: Store, judge: Judge
) -> None:
    page = opened(qtbot, replace(services, offline=True), judge)
    said(qtbot, page, STARTED_OFFLINE)
    assert page.getting.offline.isChecked()
    assert not page.getting.offline.isEnabled()
    assert not services.preferences.settings.offline


def test_while_music_plays_the_computer_is_left_to_it(
    qtbot: QtBot, services: Services, store: Store, judge: Judge
) -> None:
    playing = True
    page = opened(qtbot, services, judge, lambda: playing)
    said(qtbot, page, LATER)
    said(qtbot, page, NOTHING)
    assert judge.asked == 0
    playing = False
    page.look()
    said(qtbot, page, "0.6 seconds.")


def test_other_sizes_are_folded_away(
    qtbot: QtBot, services: Services, store: Store, judge: Judge, entry: Entry
) -> None:
    judge.entries = (entry, replace(entry, name="huge", title="Huge music", download=9_000_000_000))
    page = opened(qtbot, services, judge)
    said(qtbot, page, "0.6 seconds.")
    assert "Huge music" not in words(page)
    press(qtbot, page, "Other sizes")
    said(qtbot, page, "Huge music")
    press(qtbot, page, "Show less")
    assert "Huge music" not in words(page)


def test_what_makes_the_music_is_told(qtbot: QtBot, page: ModelsPage) -> None:
    said(qtbot, page, "Tones are played.")


def test_a_store_that_cannot_be_used_is_told(qtbot: QtBot, page: ModelsPage, store: Store, entry: Entry) -> None:
    said(qtbot, page, NOTHING)
    store.folder.parent.mkdir()
    store.folder.write_text("a file")
    page.desk.download(entry)
    qtbot.waitUntil(page.row.problem.isVisible)
    assert page.row.problem.text()


def test_the_keyboard_goes_to_what_is_under_way_and_back_with_escape(
    qtbot: QtBot, page: ModelsPage, services: Services, entry: Entry, hub: FakeHub
) -> None:
    hub.faults.append(Slow(50_000, 0.03, where="/storage/", lasting=True))
    page.desk.download(entry)
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: page.focusWidget() is page.row.pause)
    services.transfers.pause()
    qtbot.waitUntil(lambda: services.transfers.state == "paused", timeout=10_000)
    with qtbot.waitSignal(page.closed):
        QTest.keyClick(page, Qt.Key.Key_Escape)


@pytest.mark.parametrize("size", [100, 175])
def test_nothing_is_cut_off_in_a_narrow_window(qtbot: QtBot, owned: ModelsPage, size: int) -> None:
    owned.getting.more.setChecked(True)
    appearance().apply("light", size)
    owned.resize(720, 560) if size == 175 else owned.resize(360, 560)
    qtbot.wait(20)
    assert owned.horizontalScrollBar().maximum() == 0
    for button in owned.findChildren(QPushButton):
        assert not button.isVisible() or button.width() >= button.minimumSizeHint().width(), button.text()


def test_a_computer_that_cannot_be_looked_at_leaves_the_rest_usable(
    qtbot: QtBot, services: Services, store: Store, judge: Judge
) -> None:
    def refuse(entries: Iterable[Entry], cancelled: Cancelled) -> tuple[Fit, ...]:
        raise UserError("The computer cannot be looked at.", "Try later.")

    page = shown(qtbot, ModelsPage(services, lambda: False, lambda: judge.entries, refuse), 760, 900)
    said(qtbot, page, "The computer cannot be looked at. Try later.")
    assert page.bringing.folder.isEnabled()


def test_what_was_measured_while_the_computer_was_busy_is_measured_again(
    qtbot: QtBot, page: ModelsPage, entry: Entry, judge: Judge
) -> None:
    said(qtbot, page, "0.6 seconds.")
    keep(entry.name, 0.6)
    press(qtbot, page, "Measure again")
    qtbot.waitUntil(lambda: judge.asked == 2)
    said(qtbot, page, "0.6 seconds.")
    assert recall(entry.name) is None


def focused(page: ModelsPage) -> str:
    """The name of what has the keyboard."""
    widget = page.window().focusWidget()
    assert isinstance(widget, QAbstractButton)
    return widget.accessibleName() or widget.text().replace("&", "")


def hold(page: ModelsPage, text: str) -> None:
    """Press a button with the keyboard."""
    button = next(each for each in page.findChildren(QPushButton) if each.isVisible() and each.text() == text)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_the_keyboard_is_never_lost_while_a_download_comes_and_goes(
    qtbot: QtBot, page: ModelsPage, services: Services, entry: Entry, hub: FakeHub
) -> None:
    download = f"Download {entry.download / MB:.1f} MB"
    hub.faults.append(Slow(50_000, 0.03, where="/storage/", lasting=True))
    said(qtbot, page, "0.6 seconds.")
    hold(page, download)
    answer(qtbot, page, "Not now")
    assert focused(page) == f"Download Tiny music, {entry.download / MB:.1f} MB"
    hold(page, download)
    answer(qtbot, page, "I accept")
    qtbot.waitUntil(lambda: focused(page) == "Pause")
    hold(page, "Pause")
    assert focused(page) == "Pause"  # while it stops
    qtbot.waitUntil(lambda: focused(page) == "Resume", timeout=10_000)
    hold(page, "Resume")
    assert focused(page) == "Pause"  # and never what throws away what was fetched
    hold(page, "Cancel")
    qtbot.waitUntil(lambda: services.transfers.state == "idle", timeout=10_000)
    assert focused(page).startswith("Download")
    hub.faults.clear()
    hold(page, download)
    qtbot.waitUntil(lambda: len(page.shelf.cards) == 1, timeout=20_000)
    assert focused(page) == "Check Tiny music"


def test_the_keyboard_goes_through_the_page_as_it_is_seen(qtbot: QtBot, owned: ModelsPage, entry: Entry) -> None:
    other = replace(entry, name="other", title="Other music")
    owned.getting.show_missing((other,))
    owned.getting.show_fits((Fit(other, 0.6, True, "0.6 seconds."),))
    owned.back.setFocus()
    reached = list[str]()
    for _ in range(8):
        QTest.keyClick(owned.window().focusWidget(), Qt.Key.Key_Tab)
        reached.append(focused(owned).partition(",")[0])
    card = ["Check tiny", "Copy tiny to a stick", "Remove tiny"]
    getting = ["Download Other music", "Measure again", "Never use the network"]
    assert reached == [*card, *getting, "Import a folder…", "Import a zip file…"]


def test_a_question_about_a_licence_stands_alone(
    qtbot: QtBot, page: ModelsPage, services: Services, entry: Entry
) -> None:
    told = list[str]()
    page.notice.connect(lambda words, _: told.append(words))
    said(qtbot, page, "0.6 seconds.")
    page.hide()  # somebody may have gone on to another page
    page.desk.download(entry)
    qtbot.waitUntil(lambda: services.transfers.state == "failed")
    page.show()
    assert not page.row.isVisible()
    assert told == []
    answer(qtbot, page, "Not now")
    assert services.transfers.state == "idle"


def test_a_download_stops_where_the_network_is_forbidden_meanwhile(
    qtbot: QtBot, page: ModelsPage, services: Services, store: Store, entry: Entry, hub: FakeHub
) -> None:
    begin_slowly(qtbot, page, store, entry, hub)
    QTest.keyClick(page.getting.offline, Qt.Key.Key_Space)
    qtbot.waitUntil(page.row.resume.isVisible, timeout=10_000)
    assert store.staged(entry.name) > 0
    assert store.installed() == ()


def test_the_computer_is_looked_at_again_after_what_came_between(
    qtbot: QtBot, services: Services, store: Store, entry: Entry, tmp_path: Path
) -> None:
    asked = list[str]()

    def measure(entries: Iterable[Entry], cancelled: Cancelled) -> tuple[Fit, ...]:
        asked.append("")
        while len(asked) == 1:
            if cancelled():
                raise CancelledError
            sleep(0.005)
        return tuple(Fit(each, 0.6, True, "0.6 seconds.") for each in entries)

    page = shown(qtbot, ModelsPage(services, lambda: False, lambda: (entry,), measure), 760, 900)
    qtbot.waitUntil(lambda: len(asked) == 1)
    page.desk.take(tmp_path / "gone.zip", Arrival(tmp_path / "gone.zip", "gone", "model", 1, ""))
    assert page.getting.says.text() == LATER
    qtbot.waitUntil(page.row.again.isVisible)
    said(qtbot, page, "0.6 seconds.")


def test_measuring_again_leaves_the_keyboard_where_it_is(qtbot: QtBot, page: ModelsPage, judge: Judge) -> None:
    said(qtbot, page, "0.6 seconds.")
    hold(page, "Measure again")
    assert focused(page) == "Measure again"
    qtbot.waitUntil(lambda: judge.asked == 2)
    said(qtbot, page, "0.6 seconds.")
    assert focused(page) == "Measure again"


def test_what_was_found_before_is_not_said_beside_what_is_found_now(
    qtbot: QtBot, owned: ModelsPage, store: Store
) -> None:
    press(qtbot, owned, "Check")
    said(qtbot, owned, WHOLE)
    (store.folder / "tiny" / "config.json").unlink()
    press(qtbot, owned, "Check")
    qtbot.waitUntil(owned.row.problem.isVisible, timeout=10_000)
    assert WHOLE not in words(owned)


def test_what_somebody_else_removed_is_seen_to_be_gone(qtbot: QtBot, owned: ModelsPage, store: Store) -> None:
    store.remove("tiny")
    press(qtbot, owned, "Remove")
    answer(qtbot, owned, "Remove")
    answer(qtbot, owned, "Close")
    said(qtbot, owned, NOTHING)


def test_the_light_edition_offers_nothing_that_it_cannot_play(
    qtbot: QtBot,
    services: Services,
    store: Store,
    judge: Judge,
    entry: Entry,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the full edition left can be removed."""
    shutil.copytree(made / "someone" / "tiny", store.folder / "left")
    (store.folder / STAGING / entry.name).mkdir(parents=True)
    (store.folder / STAGING / entry.name / "half.part").write_bytes(bytes(1000))
    install(monkeypatch, tmp_path, light=True)
    page = opened(qtbot, services, judge)
    assert "This is the light edition; the full edition has it." in words(page)
    qtbot.waitUntil(lambda: bool(page.shelf.cards) and page.shelf.cards[0].take_away.isVisible())
    qtbot.waitUntil(page.row.resume.isVisible)
    texts = {each.text() for each in page.findChildren(QPushButton) if each.isVisible()}
    assert not any(text.startswith(("Download", "Import")) for text in texts)
    press(qtbot, page, "Resume")
    qtbot.waitUntil(lambda: "MusicGen is not installed." in words(page.row))
    assert "the full edition has it" in page.row.advice.text()
    press(qtbot, page, "Cancel")
    qtbot.waitUntil(lambda: store.staged(entry.name) == 0)
