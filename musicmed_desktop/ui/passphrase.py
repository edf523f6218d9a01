"""A passphrase is asked for, and what it opens is tried in the background, as often as the person likes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.sealing import WrongPassphraseError
from musicmed_desktop.ui.kit import Dialog, Row, Secrets, announce, body, button, error, show_text
from musicmed_desktop.ui.tasks import Tasks

T = TypeVar("T")
_WRONG = "This passphrase does not fit. Please try again, and mind capital letters and the language of the keyboard."
_QUEUED = Qt.ConnectionType.QueuedConnection


class PassphraseDialog(Dialog):
    """`entered` carries what was typed, a text for each of `names`.

    `told` and `cancelled` are for long work on another thread: Cancel, Escape and the end of the program stop it.
    """

    entered = Signal(object)  # tuple[str, ...]
    _told = Signal(object)  # Progress

    def __init__(
        self, parent: QWidget | None, title: str, words: tuple[str, ...], names: tuple[str, ...], yes: str, no: str
    ) -> None:
        super().__init__(parent, title, *map(body, words))
        self._busy, self._stop = False, threading.Event()
        self.secrets = Secrets(*names)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.progress.hide()
        self.trouble = error()
        self.trouble.hide()
        self.yes, self.no = button(yes, self._enter, look="primary"), button(no, self.reject)
        self.add(self.secrets, self.trouble, self.progress, None, Row(None, self.no, self.yes))
        self.secrets.changed.connect(self._follow)
        self.secrets.entered.connect(self._enter)
        self._told.connect(self._show_progress, _QUEUED)
        QApplication.instance().aboutToQuit.connect(self._stop.set)  # type: ignore[union-attr]
        self._follow()

    def told(self, progress: Progress) -> None:
        self._told.emit(progress)

    def cancelled(self) -> bool:
        return self._stop.is_set()

    def set_busy(self, busy: bool) -> None:
        """While it is tried whether the passphrase fits, and what it is for is done."""
        self._busy = busy
        self.progress.setRange(0, 0)  # until it is told how far it is
        self.progress.setVisible(busy)
        self.secrets.setEnabled(not busy)
        self.no.setEnabled(True)
        self._follow()

    def refuse(self, words: str, number: int = 0) -> None:
        """Say why not, and let the field of this number be typed anew."""
        show_text(self.trouble, words)
        announce(self, words)
        self.secrets.ask_again(number)

    def reject(self) -> None:
        if self._busy:
            self._stop.set()
            self.no.setEnabled(False)
        else:
            super().reject()

    def _enter(self) -> None:
        if self.secrets.complete and not self._busy:
            self.entered.emit(self.secrets.texts)

    def _follow(self) -> None:
        show_text(self.trouble, "")
        self.yes.setEnabled(self.secrets.complete and not self._busy)

    def _show_progress(self, progress: Progress) -> None:
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * progress.done / max(1, progress.total)))


def ask_until_it_fits(
    dialog: PassphraseDialog,
    tasks: Tasks,
    work: Callable[[tuple[str, ...]], T],
    done: Callable[[T], object],
    objection: Callable[[tuple[str, ...]], tuple[str, int] | None] = lambda _: None,
) -> None:
    """Open the dialog, and do the `work` in the background with what is typed; `done` gets its result.

    Where it raises UserError, that is said and asked again; where it raises CancelledError, the dialog closes. An
    `objection` to what was typed, with the number of the field that is to blame, is said at once.
    """

    def attempt(typed: tuple[str, ...]) -> None:
        objected = objection(typed)
        if objected is not None:
            dialog.refuse(*objected)
            return
        dialog.set_busy(True)
        tasks.run(lambda: _unless_cancelled(work, typed), finished, refused)

    def finished(result: tuple[T] | None) -> None:
        dialog.set_busy(False)
        if result is None:
            dialog.reject()
        else:
            done(*result)  # first: the app ends with its last window
            dialog.accept()

    def refused(problem: UserError) -> None:
        dialog.set_busy(False)
        if dialog.cancelled():
            dialog.reject()
        else:
            dialog.refuse(_WRONG if isinstance(problem, WrongPassphraseError) else str(problem))

    dialog.entered.connect(attempt)
    dialog.open()
    dialog.secrets.ask_again()


def _unless_cancelled(work: Callable[[tuple[str, ...]], T], typed: tuple[str, ...]) -> tuple[T] | None:
    try:
        return (work(typed),)
    except CancelledError:
        return None
