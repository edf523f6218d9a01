"""Cards that come when something has happened."""

from __future__ import annotations

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Card, announce, body, heading

_LOST = "The music goes on by itself as soon as the sound is back."


class NoticeCard(Card):
    """A heading and some words, hidden until there is something to say."""

    def __init__(self) -> None:
        self._heading, self._words = heading(""), body()
        super().__init__(self._heading, self._words, look="notice")
        self.hide()

    def say(self, title: str, words: str) -> None:
        self._heading.setText(title)
        self._words.setText(words)
        self.setAccessibleName(title)
        self.show()
        announce(self, self.text)

    @property
    def text(self) -> str:
        return f"{self._heading.text()} {self._words.text()}"


class ProblemCard(NoticeCard):
    """What is wrong with the sound, as long as it is."""

    def show_problem(self, problem: UserError | None, lost: bool) -> None:
        if problem is None:
            self.hide()
        elif self.isHidden() or problem.title not in self.text:
            promise = "" if "by itself" in problem.hint or not lost else _LOST
            self.say(problem.title, f"{problem.hint} {promise}".strip())
