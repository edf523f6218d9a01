"""What is to be seen of files that are brought in: how far it is, a passphrase where one is needed, what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QWidget

from musicmed_desktop.ui.kit import Card, Flow, announce, body, button, heading, muted
from musicmed_desktop.ui.pages.sessions.arrival_words import came_words, locked_words, refused_words
from musicmed_desktop.ui.pages.sessions.bringing import Bringing
from musicmed_desktop.ui.pages.sessions.locked import LockedFiles
from musicmed_desktop.ui.theme import appearance

_SPOKEN = 4  # times on the way to the end does a screen reader hear of it


class Arriving(Card):
    """Hidden while there is nothing to say. `ended` carries what came of it, in words, and the ids of what is new."""

    ended = Signal(str, object)

    def __init__(self, bringing: Bringing) -> None:
        super().__init__()
        self._bringing = bringing
        self._tried = False  # a passphrase
        self._part_spoken = 0
        self._what = heading("Bringing in sessions")
        self.bar, self.how_far = QProgressBar(), muted()
        self.bar.setTextVisible(False)
        self.stop = button("Stop", self._stop)
        self.question = LockedFiles()
        self.outcome, self.which = body(), _read_only("Files that could not be brought in")
        self.show_which = button("Which ones?", self._show_which, look="link")
        self.close_button = button("Close", self.hide, name="Close this message")
        self._changing = (self.bar, self.how_far, self.stop, self.question, self.outcome, self.show_which, self.which)
        self.add(self._what, self.bar, self.how_far, self.outcome, self.question, self.which)
        self.add(Flow(self.stop, self.show_which, self.close_button))
        self.question.given.connect(self._unlock)
        self.question.skipped.connect(self._end)
        bringing.progressed.connect(self._show_progress)
        bringing.rested.connect(self._rest)
        self.hide()

    def _show_progress(self) -> None:
        bringing = self._bringing
        if not bringing.running:
            return
        if self.isHidden() or self.stop.isHidden():
            self._begin()
        self.bar.setRange(0, bringing.total)
        self.bar.setValue(bringing.done)
        self.how_far.setText(f"{bringing.done:,} of {bringing.total:,} files")
        self.bar.setAccessibleName(f"{self._what.text()}: {self.how_far.text()}")
        part = bringing.done * _SPOKEN // bringing.total
        if part > self._part_spoken:
            self._part_spoken = part
            announce(self, self.how_far.text())

    def _begin(self) -> None:
        self._part_spoken = 0
        self.stop.setEnabled(True)
        self._show_only(self.bar, self.how_far, self.stop)
        announce(self, self._what.text())

    def _rest(self) -> None:
        arrivals = self._bringing.arrivals
        if arrivals.locked and not arrivals.left:
            self._show_only(self.question)
            self.question.ask(locked_words([path.name for path in arrivals.locked], self._tried))
        else:
            self._end()

    def _end(self) -> None:
        """Say what came of it; the card stays where somebody may want to know more."""
        arrivals, self._tried = self._bringing.arrivals, False
        self._bringing.forget()
        self.hide()
        words = came_words(arrivals)
        if arrivals.refused:
            self.outcome.setText(words)
            self.which.setPlainText(refused_words(arrivals))
            self._show_only(self.outcome, self.show_which)
            announce(self, words)
        self.ended.emit(words, arrivals.new)

    def _unlock(self, passphrase: str) -> None:
        self._tried = True
        self._bringing.unlock(passphrase)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self._bringing.stop()

    def _show_which(self) -> None:
        self.which.setFixedHeight(appearance().px(150))
        self.which.setVisible(self.which.isHidden())

    def _show_only(self, *shown: QWidget) -> None:
        for part in self._changing:
            part.setVisible(part in shown)
        self.close_button.setVisible(self.outcome in shown)
        self.show()


def _read_only(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setAccessibleName(name)
    return field
