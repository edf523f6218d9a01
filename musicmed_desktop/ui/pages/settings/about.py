"""What this program is, and under which terms it may be used."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from musicmed_desktop.edition import version_words
from musicmed_desktop.ui.kit import Flow, body, button, muted
from musicmed_desktop.ui.pages.settings.fields import Section

PAPER = "https://arxiv.org/abs/2411.09080"


class About(Section):
    introduction_requested = Signal()
    notice = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("About MusicMed")
        self.introduction = button("Read the introduction again", self.introduction_requested.emit)
        self.paper = button("Open the paper", self._open, name="Open the paper, arXiv 2411.09080, in the browser")
        words = body("Music that meets your mood and walks with it. The method follows the paper arXiv 2411.09080.")
        terms = muted(f"MusicMed Desktop {version_words()}. Free software under the GNU GPL, version 3 or later.")
        self.add(words, terms, Flow(self.introduction, self.paper))

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl(PAPER)):
            self.notice.emit(f"No browser was found. The paper is at {PAPER}.", None)
