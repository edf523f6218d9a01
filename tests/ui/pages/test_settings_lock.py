"""The library is locked, locked otherwise, and unlocked again, in the settings of a running app."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.library.keys import LockedError, is_locked
from musicmed_desktop.library.locking import FORGOTTEN, WrongPassphraseError
from musicmed_desktop.ui.pages.settings import SettingsPage
from musicmed_desktop.ui.pages.settings.lock import LockSettings
from musicmed_desktop.ui.passphrase import PassphraseDialog
from musicmed_desktop.ui.selftest.hands import click
from musicmed_desktop.ui.services import Services
from tests.fakes.sessions import NOON, keep_session
from tests.fakes.showing import settle, shown

OLD, NEW = "seven green umbrellas", "an ocean in the attic"


@pytest.fixture
def entry(services: Services) -> Entry:
    return services.library.change(keep_session(services.library).id, note="Nobody shall read this.")


@pytest.fixture
def settings(services: Services, entry: Entry, qtbot: QtBot) -> SettingsPage:
    return shown(qtbot, SettingsPage(services))


@pytest.fixture
def page(settings: SettingsPage) -> LockSettings:
    return settings.folder.lock


def asked(qtbot: QtBot, page: LockSettings) -> PassphraseDialog:
    def dialogs() -> list[PassphraseDialog]:
        return [each for each in page.window().findChildren(PassphraseDialog) if each.isVisible()]

    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    return dialogs()[0]


def fill(dialog: PassphraseDialog, *texts: str) -> None:
    for field, text in zip(dialog.secrets.fields, texts, strict=True):
        field.setText(text)
    click(dialog.yes)


def lock(qtbot: QtBot, page: LockSettings) -> None:
    click(page.lock)
    dialog = asked(qtbot, page)
    with qtbot.waitSignal(dialog.accepted, timeout=10_000):
        fill(dialog, OLD, OLD)


def test_locked_it_goes_on_in_the_same_window(
    qtbot: QtBot, services: Services, page: LockSettings, entry: Entry
) -> None:
    told: list[str] = []
    page.notice.connect(lambda words, _: told.append(words))
    lock(qtbot, page)
    assert is_locked(services.library.folder)
    assert services.library.entries() == (entry,)
    with services.library.sound(entry.id) as sound:
        assert sound.read(4) == b"fLaC"
    keep_session(services.library, NOON)
    assert told == ["Your sessions are locked now. MusicMed asks for the passphrase when it starts."]
    assert not page.lock.isVisible()
    assert page.change.isVisible()
    assert page.window().focusWidget() is page.change
    with pytest.raises(LockedError):
        Library(services.library.folder)
    everything = b"".join(path.read_bytes() for path in services.library.folder.rglob("*") if path.is_file())
    assert b"Nobody shall read" not in everything
    assert b"fLaC" not in everything


def test_what_a_forgotten_passphrase_means_is_said_before(qtbot: QtBot, page: LockSettings) -> None:
    click(page.lock)
    dialog = asked(qtbot, page)
    assert FORGOTTEN in [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert not dialog.yes.isEnabled()
    dialog.reject()


@pytest.mark.parametrize(
    ("typed", "words"), [(("short", "short"), "too short"), ((OLD, NEW), "not the same"), ((OLD, OLD + " "), "not the")]
)
def test_what_cannot_be_a_passphrase_is_said_at_once(
    qtbot: QtBot, services: Services, page: LockSettings, typed: tuple[str, str], words: str
) -> None:
    click(page.lock)
    dialog = asked(qtbot, page)
    fill(dialog, *typed)
    assert words in dialog.trouble.text()
    dialog.reject()
    assert not is_locked(services.library.folder)


def test_the_passphrase_is_changed(qtbot: QtBot, services: Services, page: LockSettings, entry: Entry) -> None:
    lock(qtbot, page)
    click(page.change)
    dialog = asked(qtbot, page)
    fill(dialog, "not the one", NEW, NEW)
    qtbot.waitUntil(dialog.trouble.isVisible)
    with qtbot.waitSignal(dialog.accepted):
        fill(dialog, OLD, NEW, NEW)
    with pytest.raises(WrongPassphraseError):
        Library(services.library.folder, OLD)
    assert Library(services.library.folder, NEW).entries() == services.library.entries() == (entry,)


def test_the_lock_is_removed(qtbot: QtBot, services: Services, page: LockSettings, entry: Entry) -> None:
    lock(qtbot, page)
    click(page.unlock)
    dialog = asked(qtbot, page)
    fill(dialog, NEW)
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert is_locked(services.library.folder)
    with qtbot.waitSignal(dialog.accepted):
        fill(dialog, OLD)
    assert Library(services.library.folder).entries() == services.library.entries() == (entry,)
    assert page.lock.isVisible()
    assert page.window().focusWidget() is page.lock


def test_stopped_in_the_middle_nothing_has_happened(
    qtbot: QtBot, services: Services, page: LockSettings, entry: Entry
) -> None:
    click(page.lock)
    dialog = asked(qtbot, page)
    fill(dialog, OLD, OLD)
    with qtbot.waitSignal(dialog.rejected, timeout=10_000):
        click(dialog.no)
    assert not is_locked(services.library.folder)
    assert services.library.entries() == (entry,)


def test_while_music_is_recorded_it_is_refused(qtbot: QtBot, services: Services, page: LockSettings) -> None:
    with services.library.recording(NOON):
        click(page.lock)
        settle(qtbot, services)
        (box,) = (each for each in page.window().findChildren(QMessageBox) if each.isVisible())
        assert box.text() == "A session is running."
        box.close()


def test_what_stands_in_the_way_is_said_and_nothing_is_lost(
    qtbot: QtBot, services: Services, page: LockSettings, entry: Entry
) -> None:
    stranger = services.library.folder / "sessions" / "mine.txt"
    stranger.write_text("mine")
    click(page.lock)
    dialog = asked(qtbot, page)
    fill(dialog, OLD, OLD)
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert "mine.txt" in dialog.trouble.text()
    assert services.library.entries() == (entry,)
    stranger.unlink()
    with qtbot.waitSignal(dialog.accepted, timeout=10_000):
        click(dialog.yes)
    assert services.library.entries() == (entry,)


def test_locked_elsewhere_meanwhile_it_says_so(qtbot: QtBot, services: Services, page: LockSettings) -> None:
    from musicmed_desktop.library.locking import lock as lock_elsewhere

    lock_elsewhere(services.library.folder, OLD)
    with pytest.raises(UserError, match="were locked in another window"):
        services.library.entries()
    click(page.lock)
    dialog = asked(qtbot, page)
    fill(dialog, NEW, NEW)
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert "locked already" in dialog.trouble.text()
    dialog.reject()
    shutil.rmtree(services.library.folder)
