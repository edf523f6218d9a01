"""For a therapist: what was chosen on the page becomes a file for a patient."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from musicmed_desktop.library.exchange.plans import MOST_WORDS
from musicmed_desktop.plan import Prescription
from musicmed_desktop.ui.kit import Dialog, LockChoice, Row, announce, body, button, error, muted, show_text
from musicmed_desktop.ui.pages.check_in.plan_card import asks
from musicmed_desktop.ui.theme import appearance

_WHAT = "This makes a small file that your patient can open in their MusicMed. It plays the session as you chose it."
_LOCKED = (
    "Whoever does not know the passphrase cannot open the file. Tell it to your patient in another way than the file, "
    "for example by telephone."
)


class SavePlanDialog(Dialog):
    """`wanted` carries the words to the patient, and the passphrase or None."""

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget, plan: Prescription) -> None:
        super().__init__(parent, "Save as a plan", body(_WHAT), muted(asks(plan)))
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName("Words to your patient")
        self.words.setFixedHeight(appearance().px(110))
        label = QLabel("&Words to your patient, if you like")
        label.setBuddy(self.words)
        self.locking, self.trouble = LockChoice(_LOCKED), error()
        self.trouble.hide()
        self.save = button("Choose where…", self._save, look="primary")
        self.add(label, self.words, self.trouble, self.locking, None)
        self.add(Row(None, button("Cancel", self.reject), self.save))
        self.words.textChanged.connect(lambda: show_text(self.trouble, ""))
        self.locking.entered.connect(self._save)

    def _save(self) -> None:
        said = self.words.toPlainText()
        if len(said.strip()) > MOST_WORDS:
            self._object(f"The words are too long. Please use at most {MOST_WORDS:,} letters.")
        elif self.locking.settled():
            self.wanted.emit(said, self.locking.passphrase)
            self.accept()

    def _object(self, words: str) -> None:
        show_text(self.trouble, words)
        announce(self, words)
        self.words.setFocus()
