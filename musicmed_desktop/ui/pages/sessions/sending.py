"""What goes into the file for a therapist, and who can open it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from musicmed_desktop.amounts import amount
from musicmed_desktop.ui.kit import Dialog, LockChoice, Row, body, button, muted

_WHAT = (
    "This makes one file that your therapist can open in their MusicMed, with “Bring in sessions”. Give it to them on "
    "a stick, or send it as you send other files: MusicMed itself sends nothing."
)
_CONTENTS = "“{}”: what you felt before and after, your note, and how the music went."
_LOCKED = (
    "Whoever does not know the passphrase cannot open the file, and nobody can find it out if it is forgotten. Tell it "
    "to your therapist in another way than the file, for example by telephone."
)


class SendDialog(Dialog):
    """`size` is that of the music in bytes, 0 where there is none. `wanted` carries whether the music goes along, and
    the passphrase or None."""

    wanted = Signal(bool, object)

    def __init__(self, parent: QWidget, title: str, size: int) -> None:
        super().__init__(parent, "Save for your therapist", body(_WHAT), muted(_CONTENTS.format(title)))
        self.music = QCheckBox(f"With the &music ({amount(size)})" if size else "With the &music")
        self.music.setChecked(size > 0)
        self.music.setEnabled(size > 0)
        self.locking = LockChoice(_LOCKED)
        self.go_on = button("Choose where…", self._go_on, look="primary")
        self.add(self.music, self.locking, None)
        self.add(Row(None, button("Cancel", self.reject), self.go_on))
        self.locking.entered.connect(self._go_on)

    def _go_on(self) -> None:
        if self.locking.settled():
            self.wanted.emit(self.music.isChecked(), self.locking.passphrase)
            self.accept()
