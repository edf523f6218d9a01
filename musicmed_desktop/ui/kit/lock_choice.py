"""Whether a file that leaves the app is locked with a passphrase, and with which."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from musicmed_desktop.ui.kit.announcing import announce
from musicmed_desktop.ui.kit.column import Column
from musicmed_desktop.ui.kit.labels import error, show_text, small
from musicmed_desktop.ui.kit.secrets import Secrets


class LockChoice(Column):
    """The passphrase is typed twice; `words` say what it means. `entered` when Enter was pressed behind it."""

    entered = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.wanted = QCheckBox("&Lock it with a passphrase")
        self.secrets, self.trouble = Secrets("Passphrase", "The same once more"), error()
        self._typing = Column(self.secrets, small(words), self.trouble)
        self._typing.hide()
        self.trouble.hide()
        self.add(self.wanted, self._typing)
        self.wanted.toggled.connect(self._follow)
        self.secrets.changed.connect(lambda: show_text(self.trouble, ""))
        self.secrets.entered.connect(self.entered)

    @property
    def passphrase(self) -> str | None:
        """None where none is wanted."""
        return self.secrets.texts[0] if self.wanted.isChecked() else None

    def settled(self) -> bool:
        """Whether nothing is missing; what is, is asked for."""
        first, again = self.secrets.texts
        if self.wanted.isChecked() and not first:
            self._object("Please type a passphrase. Several words are best.", 0)
        elif self.wanted.isChecked() and first != again:
            self._object("The two passphrases are not the same. Please type the second one again.", 1)
        else:
            return True
        return False

    def _follow(self, wanted: bool) -> None:
        self._typing.setVisible(wanted)
        show_text(self.trouble, "")
        if wanted:
            self.secrets.ask_again()

    def _object(self, words: str, number: int) -> None:
        show_text(self.trouble, words)
        announce(self, words)
        self.secrets.ask_again(number)
