"""What this program is, and under which terms it may be used."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicmed_desktop import __version__
from musicmed_desktop.ui.kit import body, button, muted
from musicmed_desktop.ui.kit.flow import Flow
from musicmed_desktop.ui.pages.settings.fields import section

PAPER = "https://arxiv.org/abs/2411.09080"


class About(QWidget):
    introduction_requested = Signal()
    notice = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.introduction = button("Read the introduction again", self.introduction_requested.emit)
        self.paper = button("Open the paper", self._open, name="Open the paper, arXiv 2411.09080, in the browser")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        words = body("Music that meets your mood and walks with it. The method follows the paper arXiv 2411.09080.")
        terms = muted(f"MusicMed Desktop {__version__}. Free software under the GNU GPL, version 3 or later.")
        column.addWidget(section("About MusicMed", words, terms, Flow(self.introduction, self.paper)))

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl(PAPER)):
            self.notice.emit(f"No browser was found. The paper is at {PAPER}.", None)
