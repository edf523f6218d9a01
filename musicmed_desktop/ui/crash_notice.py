"""What the window says when the app has failed: a report that can be read and copied, and goes nowhere by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit import Row, body, button, heading, muted
from musicmed_desktop.ui.theme import appearance


class CrashNotice(QDialog):
    """Shows a crash report; `earlier` says that it is of the last time the app ran."""

    def __init__(self, parent: QWidget, report: str, earlier: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("MusicMed")
        px = appearance().px
        self.resize(px(620), px(460))
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName("Report")
        self._copied = muted()
        when = "The last time, the app ended by a fault of its own." if earlier else "Something went wrong in the app."
        column = QVBoxLayout(self)
        column.setContentsMargins(px(22), px(20), px(22), px(20))
        column.setSpacing(px(12))
        column.addWidget(heading(when))
        column.addWidget(
            body(
                "We are sorry. The sessions in your list are safe. This report helps to mend the fault; it says "
                "nothing of you or your moods, and it stays on this computer unless you pass it on."
            )
        )
        column.addWidget(text, 1)
        buttons = (button("Copy the report", self._copy), button("Close", self.accept, look="primary"))
        column.addLayout(Row(self._copied, None, *buttons))
        self._report = report

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._copied.setText("Copied.")
