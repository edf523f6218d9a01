"""The same question as before the session, once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.feeling import FeelingPicker
from musicmed_desktop.ui.kit import Foot, Page, body, button, footed, muted, title
from musicmed_desktop.ui.session import Ended
from musicmed_desktop.ui.theme import appearance

_NOTE_LIMIT = 2000


class Asking(QWidget):
    """`answered` carries the Affect, or None from who would rather not say."""

    answered = Signal(object)  # Affect | None

    def __init__(self) -> None:
        super().__init__()
        self._how = muted()
        self.feeling = FeelingPicker("How you feel now")
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText("What you noticed, if you would like to keep it")
        label = body("A note, if you like")
        label.setBuddy(self.note)
        self.note.setAccessibleName(label.text())
        self.done = button("Done", self._answer, look="primary")
        self.skip = button("Skip", lambda: self.answered.emit(None), look="link", name="Skip this question")
        self.page = Page(title("How do you feel now?"), self._how, self.feeling, label, self.note)
        footed(self, self.page, Foot(self.skip, None, self.done))
        self.feeling.moved.connect(lambda _: self.done.setEnabled(True))
        self.feeling.chosen.connect(lambda _: self.done.setEnabled(True))
        self._measure()
        appearance().changed.connect(self._measure)

    def ask(self, ended: Ended) -> None:
        """Ask anew; the mark shows how it was before."""
        self._how.setText(_how_it_ended(ended))
        self.feeling.set_affect(None)
        self.feeling.pad.set_mark(ended.check_in.before)
        self.note.clear()
        self.done.setEnabled(False)

    @property
    def written(self) -> str:
        return self.note.toPlainText().strip()[:_NOTE_LIMIT]

    def _answer(self) -> None:
        affect: Affect | None = self.feeling.affect
        self.answered.emit(affect)

    def _measure(self) -> None:
        self.note.setFixedHeight(appearance().px(84))


def _how_it_ended(ended: Ended) -> str:
    if ended.error is not None:
        return f"{ended.error} What you have heard until then is kept."
    return "You ended the session early. What you have heard is kept." if ended.shortened else "The session is over."
