"""Sessions that leave the library as files: asked for, written in the background, and told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop.library import Entry, file_name
from musicmed_desktop.ui.pages.sessions.copies import music_bytes, save_music, save_session, save_table
from musicmed_desktop.ui.pages.sessions.sending import SendDialog
from musicmed_desktop.ui.pages.sessions.targets import DOCUMENTS, MUSIC, ask_target
from musicmed_desktop.ui.services import Services

T = TypeVar("T")

SOUNDS = {
    "Full quality (*.flac)": "flac",
    "For any player, large (*.wav)": "wav",
    "Small (*.ogg)": "ogg",
    "Small, for phones (*.mp3)": "mp3",
}
SESSIONS = {"A session for MusicMed (*.musicmed)": "musicmed"}
TABLES = {"A table for a spreadsheet (*.csv)": "csv", "All data, for programs (*.json)": "json"}
_WRITING = "The file is being written…"


class Outgoing(QObject):
    """Its dialogs belong to `page`."""

    notice = Signal(str, object)  # words, None
    refused = Signal(object)  # UserError

    def __init__(self, page: QWidget, services: Services) -> None:
        super().__init__(page)
        self._page = page
        self._library, self._tasks = services.library, services.tasks

    def save_music(self, entry: Entry) -> None:
        """A copy of the sound, for any player."""

        def save(target: Path) -> None:
            self._write(lambda: save_music(self._library, entry, target), lambda _: f"The copy was saved as {target}.")

        ask_target(self._page, "Save a copy", SOUNDS, file_name(entry), MUSIC, save)

    def save_session(self, entry: Entry) -> None:
        """A file for another MusicMed."""

        def show(size: int) -> None:
            dialog = SendDialog(self._page, entry.title, size)
            dialog.wanted.connect(lambda music, passphrase: self._ask_for_session(entry, music, passphrase))
            dialog.open()

        self._tasks.run(lambda: music_bytes(self._library, entry), show, self.refused.emit)

    def save_table(self) -> None:
        """What all sessions tell, for other programs."""

        def save(target: Path) -> None:
            self._write(
                lambda: save_table(self._library, target),
                lambda count: f"{'1 session was' if count == 1 else f'{count:,} sessions were'} written to {target}.",
            )

        ask_target(self._page, "Save a table of all sessions", TABLES, "My sessions", DOCUMENTS, save)

    def _ask_for_session(self, entry: Entry, with_music: bool, passphrase: str | None) -> None:
        def save(target: Path) -> None:
            self._write(
                lambda: save_session(self._library, entry, target, with_music, passphrase),
                lambda _: f"The session was saved as {target}. You can give this file to your therapist now.",
            )

        ask_target(self._page, "Save for your therapist", SESSIONS, file_name(entry), DOCUMENTS, save)

    def _write(self, work: Callable[[], T], words: Callable[[T], str]) -> None:
        self.notice.emit(_WRITING, None)
        self._tasks.run_apart(work, lambda done: self.notice.emit(words(done), None), self.refused.emit)
