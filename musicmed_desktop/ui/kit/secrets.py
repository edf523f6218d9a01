"""Where a passphrase is typed: hidden, unless whoever types it wants to see it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from musicmed_desktop.ui.kit.column import Column


class Secrets(Column):
    """A field for each of `names`; `entered` when Enter was pressed in the last one and none is empty."""

    gap = 6
    changed = Signal()
    entered = Signal()

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.fields = tuple(self._field(name) for name in names)
        self.shown = QCheckBox("&Show what I type")
        self.shown.toggled.connect(self._show)
        self.add(self.shown)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(field.text() for field in self.fields)

    @property
    def complete(self) -> bool:
        return all(self.texts)

    def ask_again(self, number: int = 0) -> None:
        """Let the field of this number be typed anew."""
        self.fields[number].setFocus()
        self.fields[number].selectAll()

    def _field(self, name: str) -> QLineEdit:
        field, label = QLineEdit(), QLabel(name)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAccessibleName(name)
        label.setBuddy(field)
        field.textChanged.connect(self.changed)
        field.returnPressed.connect(self._enter)
        self.add(label, field)
        return field

    def _enter(self) -> None:
        """Enter goes to the first field that is empty, and else on."""
        empty = next((field for field in self.fields if not field.text()), None)
        if empty is None:
            self.entered.emit()
        else:
            empty.setFocus()

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in self.fields:
            field.setEchoMode(mode)
