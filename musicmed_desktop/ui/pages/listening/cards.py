"""Cards that come when something has happened."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import body, button, heading
from musicmed_desktop.ui.kit.flow import Flow
from musicmed_desktop.ui.pages.listening.words import CALMING, CALMING_MORE, LOST
from musicmed_desktop.ui.theme import appearance


class NoticeCard(QFrame):
    """A heading and some words, hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self._heading = heading("")
        self._words = body()
        self._column = QVBoxLayout(self)
        self.add(self._heading)
        self.add(self._words)
        self._measure()
        appearance().changed.connect(self._measure)
        self.hide()

    def add(self, part: QWidget) -> None:
        self._column.addWidget(part)

    def say(self, heading_text: str, words: str) -> None:
        self._heading.setText(heading_text)
        self._words.setText(words)
        self.setAccessibleName(heading_text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{heading_text} {words}"))

    @property
    def text(self) -> str:
        return f"{self._heading.text()} {self._words.text()}"

    def _measure(self) -> None:
        px = appearance().px
        self._column.setContentsMargins(px(18), px(14), px(18), px(14))
        self._column.setSpacing(px(8))


class CalmCard(NoticeCard):
    """After "I feel worse": what happens now, where help is, and the choice to stop."""

    help_requested = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.help_button = button("Find help", self.help_requested.emit, look="primary")
        self.stop_button = button("Stop now", self.stop.emit, look="danger")
        choices = QWidget()
        choices.setLayout(Flow(self.help_button, self.stop_button))
        self.add(choices)

    def calm(self) -> None:
        self.say(CALMING, CALMING_MORE)


class ProblemCard(NoticeCard):
    """What is wrong with the sound, as long as it is."""

    def show_problem(self, problem: UserError | None, lost: bool) -> None:
        if problem is None:
            self.hide()
        elif self.isHidden() or problem.title not in self.text:
            promise = "" if "by itself" in problem.hint or not lost else LOST
            self.say(problem.title, f"{problem.hint} {promise}".strip())
