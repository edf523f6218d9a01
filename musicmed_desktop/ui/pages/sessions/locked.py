"""The question for the passphrase of files that somebody else has locked."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.ui.kit import Column, Flow, Secrets, announce, body, button, small

_WHOSE = "Ask whoever gave you the files. It is used now, and not kept."


class LockedFiles(Column):
    """`given` carries the passphrase, which is forgotten here at once."""

    given = Signal(str)
    skipped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words, self.secrets = body(), Secrets("Passphrase")
        self.go_on = button("Open the files", self._give, look="primary")
        self.skip = button("Leave them out", self._skip)
        self.add(self.words, self.secrets, small(_WHOSE), Flow(self.go_on, self.skip))
        self.secrets.changed.connect(lambda: self.go_on.setEnabled(self.secrets.complete))
        self.secrets.entered.connect(self._give)
        self.go_on.setEnabled(False)

    def ask(self, words: str) -> None:
        """Ask, with these words above the field."""
        self.words.setText(words)
        announce(self, words)
        if self.isVisible():
            self.secrets.ask_again()

    def _give(self) -> None:
        (passphrase,) = self.secrets.texts
        self.secrets.fields[0].clear()
        if passphrase:
            self.given.emit(passphrase)

    def _skip(self) -> None:
        self.secrets.fields[0].clear()
        self.skipped.emit()
