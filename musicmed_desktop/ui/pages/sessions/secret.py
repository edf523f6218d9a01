"""Passphrases: a new one, typed twice so that a slip of the finger locks nobody out, and one that somebody else set."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit

from musicmed_desktop.ui.kit import Column, Flow, announce, body, button, small

_LOCKED = (
    "Whoever does not know the passphrase cannot open the file, and nobody can find it out if it is forgotten. Tell it "
    "to your therapist in another way than the file, for example by telephone."
)
_WHOSE = "Ask whoever gave you the files. It is used now, and not kept."
EMPTY = "Please type a passphrase. Several words are best."
DIFFERENT = "The two passphrases are not the same."


class NewSecret(Column):
    """`entered` is emitted when Enter was pressed in a field."""

    gap = 6

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.again = secret_field("Passphrase", _LOCKED), secret_field("The same once more")
        for name, field in (("&Passphrase", self.first), ("The same &once more", self.again)):
            label = QLabel(name)
            label.setBuddy(field)
            self.add(label, field)
            field.textChanged.connect(self.changed)
            field.returnPressed.connect(self.entered)
        self.add(small(_LOCKED))

    @property
    def passphrase(self) -> str:
        return self.first.text()

    @property
    def problem(self) -> str:
        """Why it cannot be used; empty where it can."""
        if not self.first.text():
            return EMPTY
        return "" if self.first.text() == self.again.text() else DIFFERENT

    def focus_wrong(self) -> None:
        """Bring the keyboard to the field that must be mended."""
        field = self.again if self.first.text() else self.first
        field.setFocus()
        field.selectAll()
        announce(field, self.problem)


def secret_field(name: str, helped: str = "") -> QLineEdit:
    """A field that shows dots, for what nobody else shall read."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setAccessibleDescription(helped)
    return field


class SecretQuestion(Column):
    """Asks for the passphrase of files that somebody else has locked. `given` carries it; it is forgotten here."""

    given = Signal(str)
    skipped = Signal()

    def __init__(self, yes: str, no: str) -> None:
        super().__init__()
        self.words = body()
        self.field = secret_field("Passphrase", _WHOSE)
        self.go_on = button(yes, self._give, look="primary")
        self.skip = button(no, self.skipped.emit)
        self.add(self.words, self.field, small(_WHOSE), Flow(self.go_on, self.skip))
        self.field.textChanged.connect(lambda text: self.go_on.setEnabled(bool(text)))
        self.field.returnPressed.connect(self._give)
        self.go_on.setEnabled(False)

    def ask(self, words: str) -> None:
        """Ask, with these words above the field."""
        self.words.setText(words)
        announce(self, words)
        if self.isVisible():
            self.field.setFocus()

    def _give(self) -> None:
        passphrase = self.field.text()
        self.field.clear()
        if passphrase:
            self.given.emit(passphrase)
