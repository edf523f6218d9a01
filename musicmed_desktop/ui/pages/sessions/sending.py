"""What goes into the file for a therapist, and who can open it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from musicmed_desktop.amounts import amount
from musicmed_desktop.ui.kit import Row, body, button, error, heading, muted, show_text
from musicmed_desktop.ui.pages.sessions.secret import NewSecret
from musicmed_desktop.ui.theme import appearance

_WHAT = (
    "This makes one file that your therapist can open in their MusicMed, with “Bring in sessions”. Give it to them on "
    "a stick, or send it as you send other files: MusicMed itself sends nothing."
)
_CONTENTS = "In the file: what you felt before and after, your note, and how the music went."


class SendDialog(QDialog):
    """`size` is that of the music in bytes, 0 where there is none. `wanted` carries whether the music goes along, and
    the passphrase or None."""

    wanted = Signal(bool, object)

    def __init__(self, parent: QWidget, title: str, size: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Save for your therapist")
        self.music = QCheckBox(f"With the &music ({amount(size)})" if size else "With the &music")
        self.music.setChecked(size > 0)
        self.music.setEnabled(size > 0)
        self.lock = QCheckBox("&Lock it with a passphrase")
        self.secret = NewSecret()
        self.problem = error()
        self.go_on = button("Choose where…", self._go_on, look="primary")
        buttons = Row(None, button("Cancel", self.reject), self.go_on)
        self._column = QVBoxLayout(self)
        for part in (heading(title), body(_WHAT), muted(_CONTENTS), self.music, self.lock, self.secret, self.problem):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._column.addLayout(buttons)
        self.lock.toggled.connect(self._follow)
        self.secret.changed.connect(lambda: self._say(""))
        self.secret.entered.connect(self._go_on)
        self._measure()
        self._follow(False)

    def _follow(self, locked: bool) -> None:
        self.secret.setVisible(locked)
        self._say("")
        if locked:
            self.secret.first.setFocus()

    def _go_on(self) -> None:
        if self.lock.isChecked() and self.secret.problem:
            self._say(self.secret.problem)
            self.secret.focus_wrong()
            return
        passphrase = self.secret.passphrase if self.lock.isChecked() else None
        self.accept()
        self.wanted.emit(self.music.isChecked(), passphrase)

    def _say(self, problem: str) -> None:
        show_text(self.problem, problem)
        self.resize(self.width(), max(self.height(), self._column.totalHeightForWidth(self.width())))

    def _measure(self) -> None:
        gap = appearance().gap(20)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(appearance().gap(10))
        self.resize(appearance().px(480), 0)
