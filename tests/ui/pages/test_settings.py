"""The page "Settings": everything changed by mouse and keys, in effect and on the disk at once."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QMessageBox, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop import __version__
from musicmed_desktop.doctor import Finding
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.paths import HOME
from musicmed_desktop.ui.pages.settings import SettingsPage
from musicmed_desktop.ui.pages.settings.helpers import report
from musicmed_desktop.ui.pages.settings.model import ANY, NONE
from musicmed_desktop.ui.pages.settings.music import LOOKING
from musicmed_desktop.ui.pages.settings.sound import AS_THE_SYSTEM
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.sound import SilentSound
from musicmed_desktop.ui.theme import appearance
from tests.fakes.editions import install, make_portable
from tests.fakes.engines import ToneEngine
from tests.fakes.showing import settle, shown, turn_wheel
from tests.ui.conftest import ToneMakers

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


class Sockets(SilentSound):
    """A computer whose devices come and go."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names: tuple[str, ...] | None = names

    def devices(self) -> tuple[str, ...]:
        if self.names is None:
            raise UserError("There is no sound system.", "Install one.")
        return self.names


@pytest.fixture
def sockets() -> Sockets:
    return Sockets("Headphones", "Loudspeakers")


@pytest.fixture
def page(services: Services, sockets: Sockets, qtbot: QtBot) -> SettingsPage:
    page = SettingsPage(replace(services, sound=sockets))
    services.preferences.changed.connect(
        lambda: appearance().apply(services.preferences.settings.theme, services.preferences.settings.text_size)
    )  # as the window does
    shown(qtbot, page, 760, 640)
    qtbot.waitUntil(lambda: page.sound.refresh.isEnabled() and page.sound.device.count() == 3)
    return page


def offered(combo: QComboBox) -> list[str]:
    return [combo.itemText(number) for number in range(combo.count())]


def named(page: QWidget, text: str) -> QPushButton:
    return next(button for button in page.findChildren(QPushButton) if button.text() == text)


def test_a_device_is_chosen_by_name_and_kept(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    assert offered(page.sound.device) == [AS_THE_SYSTEM, "Headphones", "Loudspeakers"]
    QTest.keyClick(page.sound.device, Key.Key_Down)
    assert services.preferences.settings.sound_device == "Headphones"
    file = tmp_path / "settings.json"
    qtbot.waitUntil(file.exists)
    assert json.loads(file.read_text())["sound_device"] == "Headphones"
    QTest.keyClick(page.sound.device, Key.Key_Up)
    assert services.preferences.settings.sound_device is None


def test_where_there_is_no_device_it_says_what_to_do(page: SettingsPage, sockets: Sockets, qtbot: QtBot) -> None:
    sockets.names = ()
    QTest.mouseClick(page.sound.refresh, LEFT)
    qtbot.waitUntil(page.sound.trouble.isVisible)
    assert "No sound device was found" in page.sound.trouble.text()


def test_a_device_that_is_gone_stays_chosen_and_is_marked(
    page: SettingsPage, services: Services, sockets: Sockets, qtbot: QtBot
) -> None:
    QTest.keyClick(page.sound.device, Key.Key_Down)
    sockets.names = ("Loudspeakers", "Television")
    QTest.mouseClick(page.sound.refresh, LEFT)
    qtbot.waitUntil(lambda: "Television" in offered(page.sound.device))
    assert page.sound.device.currentText() == "Headphones (not connected)"
    assert "“Headphones” is not connected" in page.sound.trouble.text()
    assert services.preferences.settings.sound_device == "Headphones"
    sockets.names = ("Headphones",)
    QTest.mouseClick(page.sound.refresh, LEFT)
    qtbot.waitUntil(lambda: page.sound.device.currentText() == "Headphones")
    assert not page.sound.trouble.isVisible()


def test_a_missing_sound_system_is_told_and_leaves_the_rest_usable(
    page: SettingsPage, sockets: Sockets, qtbot: QtBot
) -> None:
    sockets.names = None
    QTest.mouseClick(page.sound.refresh, LEFT)
    qtbot.waitUntil(page.sound.trouble.isVisible)
    assert page.sound.trouble.text() == "There is no sound system. Install one."
    assert offered(page.sound.device) == [AS_THE_SYSTEM]
    assert page.sound.refresh.isEnabled()


def test_the_volume_limit_moves_in_steps_between_20_and_100(page: SettingsPage, services: Services) -> None:
    page.sound.limit.setFocus()
    QTest.keyClick(page.sound.limit, Key.Key_Left)
    assert services.preferences.settings.volume_limit == 0.75
    QTest.keyClick(page.sound.limit, Key.Key_Home)
    assert services.preferences.settings.volume_limit == 0.2
    QTest.keyClick(page.sound.limit, Key.Key_End)
    assert services.preferences.settings.volume_limit == 1.0
    QTest.keyClick(page.sound.locked, Key.Key_Space)
    assert services.preferences.settings.volume_locked


def test_a_limit_set_elsewhere_is_shown_and_never_raised(page: SettingsPage, services: Services) -> None:
    services.preferences.change(volume_limit=0.1)
    assert services.preferences.settings.volume_limit == 0.1
    assert any(label.text() == "10 %" for label in page.sound.findChildren(QLabel))


def test_text_size_and_colours_take_effect_at_once(page: SettingsPage, services: Services) -> None:
    for _ in range(3):
        QTest.keyClick(page.look.size_, Key.Key_Down)
    QTest.keyClick(page.look.theme, Key.Key_End)
    assert services.preferences.settings.text_size == 175
    assert services.preferences.settings.theme == "contrast"
    assert appearance().tokens.name == "contrast"
    assert page.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("size", [100, 125, 150, 175])
def test_nothing_is_cut_off_in_the_smallest_window(page: SettingsPage, qtbot: QtBot, size: int) -> None:
    appearance().apply("light", size)
    page.resize(960 - appearance().px(196), 640)
    qtbot.wait(20)
    assert page.horizontalScrollBar().maximum() == 0
    for button in page.findChildren(QPushButton):
        assert not button.isVisible() or button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_wheel_scrolls_the_page_and_changes_no_setting(page: SettingsPage, services: Services) -> None:
    before = services.preferences.settings
    for control in (page.sound.device, page.sound.limit, page.look.size_, page.look.theme):
        assert not turn_wheel(control)
    assert services.preferences.settings == before


def test_another_folder_is_used_from_the_next_start_on(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    QTest.mouseClick(page.folder.change, LEFT)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.setDirectory(str(other))
    dialog.selectFile(str(other))
    dialog.accept()
    qtbot.waitUntil(lambda: services.preferences.settings.library_folder == other)
    assert str(other) in page.folder.later.text()
    assert page.folder.place.text() == str(services.library.folder)
    assert list(other.iterdir()) == []
    QTest.mouseClick(named(page, "Use the usual folder"), LEFT)
    assert services.preferences.settings.library_folder is None


def test_a_folder_that_takes_no_files_is_refused(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    QTest.mouseClick(page.folder.change, LEFT)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    gone.rmdir()  # as when a stick is pulled out
    dialog.fileSelected.emit(str(gone))
    dialog.reject()
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    assert box is not None
    assert str(gone) in box.text() + box.informativeText() + box.detailedText()
    assert services.preferences.settings.library_folder is None
    box.close()


def test_the_folder_is_opened_by_the_systems_own_program(page: SettingsPage, services: Services, qtbot: QtBot) -> None:
    class Opener(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.opened: list[QUrl] = []

        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            self.opened.append(url)

    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]  # it takes no bytes
    try:
        with qtbot.waitSignal(page.notice) as told:
            QTest.mouseClick(page.folder.open, LEFT)
        assert "after your first session" in told.args[0]
        services.library.folder.mkdir()
        QTest.mouseClick(page.folder.open, LEFT)
        assert [Path(url.toLocalFile()) for url in opener.opened] == [services.library.folder]
    finally:
        QDesktopServices.unsetUrlHandler("file")


def choose(page: QWidget, button: QPushButton, folder: Path) -> None:
    """In the dialog that the button opens."""
    QTest.mouseClick(button, LEFT)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(folder))
    dialog.reject()


def said(page: SettingsPage, qtbot: QtBot) -> str:
    """What a message box tells; it is closed."""
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    assert box is not None
    box.close()
    return box.text()


def model_in(folder: Path) -> Path:
    """What looks like a model from outside."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "musicgen"}')
    return folder


def test_what_makes_the_music_and_why_is_told_in_the_engines_own_words(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.music.makes.text() == "Tones are played.")


def test_another_engine_is_opened_when_the_choice_rests(page: SettingsPage, services: Services, qtbot: QtBot) -> None:
    assert isinstance(services.makers, ToneMakers)
    qtbot.waitUntil(lambda: page.music.makes.text() == "Tones are played.")
    services.makers.played = ToneEngine(about="The built-in composer makes the music.")
    assert page.music.engine.currentText() == "Automatic"
    assert page.music.model.isVisible()
    QTest.keyClick(page.music.engine, Key.Key_Down)
    assert services.preferences.settings.engine == "builtin"
    assert page.music.engine.currentText() == "Built-in composer"
    assert not page.music.model.isVisible()
    assert not page.music.adapter.isVisible()
    assert page.music.makes.text() == LOOKING
    qtbot.waitUntil(lambda: page.music.makes.text() == "The built-in composer makes the music.")


def test_an_engine_that_cannot_be_opened_says_why(page: SettingsPage, services: Services, qtbot: QtBot) -> None:
    def refuse() -> Future[str]:
        refused: Future[str] = Future()
        refused.set_exception(UserError("MusicGen is not installed.", "Install it."))
        return refused

    assert isinstance(services.makers, ToneMakers)
    services.makers.prepare = refuse  # type: ignore[method-assign]
    page.music.look()
    qtbot.waitUntil(lambda: page.music.makes.text() == "MusicGen is not installed. Install it.")


def test_models_are_listed_chosen_and_forgotten(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    assert offered(page.music.model.model) == [NONE]
    installed = [model_in(tmp_path / "home" / "models" / name) for name in ("large", "small")]
    page.music.look()
    qtbot.waitUntil(lambda: offered(page.music.model.model) == [ANY, "large", "small"])
    QTest.keyClick(page.music.model.model, Key.Key_End)
    assert services.preferences.settings.model == installed[1]
    elsewhere = model_in(tmp_path / "stick" / "tuned")
    choose(page, page.music.model.other, elsewhere)
    qtbot.waitUntil(lambda: services.preferences.settings.model == elsewhere)
    assert offered(page.music.model.model) == [ANY, "large", "small", "tuned"]
    assert page.music.model.model.currentText() == "tuned"
    QTest.keyClick(page.music.model.model, Key.Key_Home)
    assert services.preferences.settings.model is None


def test_a_folder_that_is_no_model_is_refused_at_once(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(page, page.music.model.other, tmp_path)
    assert said(page, qtbot) == f"There is no MusicGen model in {tmp_path}."
    assert services.preferences.settings.model is None


def adapter_in(folder: Path) -> Path:
    """What looks like an adapter from outside."""
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}")
    return folder


def test_adapters_are_listed_chosen_and_forgotten(
    page: SettingsPage, services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    section, preferences = page.music.adapter, services.preferences
    assert offered(section.adapter) == ["None"]
    assert not section.strength.isVisible()
    soft = adapter_in(tmp_path / "home" / "models" / "soft")
    model_in(tmp_path / "home" / "models" / "small")
    page.music.look()
    qtbot.waitUntil(lambda: offered(section.adapter) == ["None", "soft"])
    assert offered(page.music.model.model) == [ANY, "small"]
    QTest.keyClick(section.adapter, Key.Key_End)
    assert preferences.settings.adapter == soft
    (tmp_path / "stick").mkdir()
    choose(page, section.other, tmp_path / "stick")
    assert said(page, qtbot) == f"There is no adapter in {tmp_path / 'stick'}."
    loud = adapter_in(tmp_path / "stick" / "loud")
    choose(page, section.other, loud)
    qtbot.waitUntil(lambda: section.adapter.currentText() == "loud")
    assert preferences.settings.adapter == loud
    QTest.keyClick(section.adapter, Key.Key_Home)
    assert preferences.settings.adapter is None
    assert not section.strength.isVisible()


def test_each_adapter_keeps_its_own_strength(page: SettingsPage, services: Services, tmp_path: Path) -> None:
    section, preferences = page.music.adapter, services.preferences
    soft, loud = tmp_path / "soft", tmp_path / "loud"
    preferences.change(adapter=soft)
    assert section.strength.isVisible()
    QTest.keyClick(section.strength.slider, Key.Key_Left)
    assert preferences.settings.adapter_strengths == {str(soft): 0.95}
    preferences.change(adapter=loud)
    assert section.strength.slider.value() == 100
    QTest.keyClick(section.strength.slider, Key.Key_Home)
    assert preferences.settings.adapter_strengths == {str(soft): 0.95, str(loud): 0.0}
    preferences.change(adapter=soft)
    assert section.strength.slider.value() == 95


def test_the_music_models_have_a_page_of_their_own(page: SettingsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.models_requested):
        QTest.mouseClick(page.music.models, LEFT)


def test_the_introduction_can_be_read_again(page: SettingsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.introduction_requested):
        QTest.mouseClick(page.about.introduction, LEFT)


def test_version_licence_and_paper_are_told(page: SettingsPage) -> None:
    told = " ".join(label.text() for label in page.about.findChildren(QLabel))
    for words in (__version__, "GPL, version 3 or later", "arXiv 2411.09080"):
        assert words in told


def test_findings_for_helpers_come_on_demand_and_can_be_copied(page: SettingsPage, qtbot: QtBot) -> None:
    assert not page.helpers.copy.isVisible()
    QTest.mouseClick(page.helpers.examine, LEFT)
    qtbot.waitUntil(page.helpers.copy.isVisible, timeout=20_000)
    assert f"MusicMed Desktop: {__version__}" in page.helpers.findings.toPlainText()
    QTest.mouseClick(page.helpers.copy, LEFT)
    assert QGuiApplication.clipboard().text() == page.helpers.findings.toPlainText()


def test_a_report_has_what_to_do_below_what_was_found() -> None:
    assert report([Finding("a", "ok", "1.0"), Finding("b", "missing", "is gone", "Get it.")]).splitlines() == [
        "ok       a: 1.0",
        "missing  b: is gone",
        "         Get it.",
    ]


def test_every_control_has_a_name_and_every_label_leads_to_one(page: SettingsPage) -> None:
    controls = [*page.findChildren(QComboBox), *page.findChildren(QSlider)]
    buddies = [label.buddy() for label in page.findChildren(QLabel)]
    for control in controls:
        if control.isVisible():
            assert control.accessibleName()
            assert control.accessibleDescription()
            assert control in buddies


def test_tab_reaches_every_control_from_the_first_on(page: SettingsPage) -> None:
    page.sound.device.setFocus()
    reached: list[QWidget] = [page.sound.device]
    for _ in range(30):
        QTest.keyClick(reached[-1], Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused)
    order = [page.sound.device, page.sound.refresh, page.sound.limit, page.sound.locked, page.look.size_]
    assert reached[: len(order)] == order
    for control in (page.look.theme, page.folder.open, page.about.introduction, page.helpers.examine):
        assert control in reached


def looked(qtbot: QtBot, services: Services) -> SettingsPage:
    """A page that has looked at the computer, and says what makes the music."""
    page = shown(qtbot, SettingsPage(services), 760, 640)
    qtbot.waitUntil(lambda: page.music.makes.text() == "Tones are played." and page.sound.refresh.isEnabled())
    settle(qtbot, services)
    return page


def test_the_light_edition_says_where_music_models_are_played(
    services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, light=True)
    page = looked(qtbot, services)
    assert offered(page.music.engine) == ["Automatic", "Built-in composer", "MusicGen (in the full edition)"]
    QTest.keyClick(page.music.engine, Key.Key_End)
    assert services.preferences.settings.engine == "builtin"  # what is not here cannot be chosen
    assert page.music.lacks.text().startswith("Music models need MusicGen. This is the light edition; the full")
    assert page.music.lacks.isVisibleTo(page)
    services.preferences.change(engine="musicgen")  # as the full edition left it
    assert page.music.engine.currentText() == "MusicGen (in the full edition)"
    assert not page.music.model.isVisible()
    assert not page.music.adapter.isVisible()
    assert any(f"{__version__}, light edition. Free" in label.text() for label in page.about.findChildren(QLabel))


def test_where_all_is_here_nothing_is_said_of_editions(page: SettingsPage) -> None:
    assert offered(page.music.engine)[2] == "MusicGen"
    assert not page.music.lacks.isVisible()
    assert not any("edition" in label.text() for label in page.findChildren(QLabel))


def test_a_portable_program_says_that_it_is_one(
    services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_portable(monkeypatch, tmp_path)
    install(monkeypatch, tmp_path, light=True)
    said = "MusicMed is portable here"
    elsewhere = looked(qtbot, services)
    assert not any(said in label.text() for label in elsewhere.folder.findChildren(QLabel))  # the sessions are not
    page = looked(qtbot, replace(services, library=Library(data)))
    assert page.folder.place.text() == str(data)
    assert any(said in label.text() for label in page.folder.findChildren(QLabel))
