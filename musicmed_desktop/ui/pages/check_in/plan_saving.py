"""For a therapist: what was chosen on the page becomes a file for a patient."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QWidget

from musicmed_desktop.library.exchange.plans import MOST_WORDS
from musicmed_desktop.plan import Prescription
from musicmed_desktop.ui.kit import Column, Dialog, Row, Secrets, announce, body, button, error, muted, show_text, small
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
        self.lock, self.secrets = QCheckBox("&Lock it with a passphrase"), Secrets("Passphrase", "The same once more")
        self._locking = Column(self.secrets, small(_LOCKED))
        self._locking.hide()
        self.trouble = error()
        self.trouble.hide()
        self.save = button("Choose where…", self._save, look="primary")
        self.add(label, self.words, self.lock, self._locking, self.trouble, None)
        self.add(Row(None, button("Cancel", self.reject), self.save))
        self.lock.toggled.connect(self._follow)
        self.secrets.changed.connect(lambda: show_text(self.trouble, ""))
        self.secrets.entered.connect(self._save)

    def _follow(self, locked: bool) -> None:
        self._locking.setVisible(locked)
        show_text(self.trouble, "")
        if locked:
            self.secrets.ask_again()

    def _save(self) -> None:
        passphrase, again = self.secrets.texts
        said = self.words.toPlainText()
        if len(said.strip()) > MOST_WORDS:
            self._object(f"The words are too long. Please use at most {MOST_WORDS:,} letters.")
        elif self.lock.isChecked() and not passphrase:
            self._object("Please type a passphrase. Several words are best.", 0)
        elif self.lock.isChecked() and passphrase != again:
            self._object("The two passphrases are not the same.", 1)
        else:
            self.wanted.emit(said, passphrase if self.lock.isChecked() else None)
            self.accept()

    def _object(self, words: str, number: int | None = None) -> None:
        show_text(self.trouble, words)
        announce(self, words)
        if number is None:
            self.words.setFocus()
        else:
            self.secrets.ask_again(number)
