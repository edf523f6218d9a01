"""The question for an access token, which some models need before they can be downloaded."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from musicmed_desktop.ui.kit import Column, Flow, button
from musicmed_desktop.ui.pages.settings.fields import Field

_HELP = "You get it where you have your account for this model. It is used for this download alone, and not kept."


class TokenQuestion(Column):
    """`given` carries the token, which is forgotten here at once."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.go_on = button("Download with this token", self._give, look="primary")
        self.add(Field("Access &token", self.token, _HELP), Flow(self.go_on))
        self.token.textChanged.connect(self._follow)
        self.token.returnPressed.connect(self._give)
        self._follow()

    def _follow(self) -> None:
        self.go_on.setEnabled(bool(self.token.text().strip()))

    def _give(self) -> None:
        token = self.token.text().strip()
        self.token.clear()
        if token:
            self.given.emit(token)
