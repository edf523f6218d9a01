"""A few questions, each with a word of advice where the answer is yes."""

from __future__ import annotations

from musicmed_desktop.ui.kit import Card, Column, Flow, body, choice_group, muted, release_all
from musicmed_desktop.ui.pages.introduction.advice import QUESTIONS, Question

_NO, _YES = range(2)


class Screening(Column):
    """The answers are not kept; what follows from them is the page's to do."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = {question.name: Asked(question) for question in QUESTIONS}
        self.add(body("So that the music does you good. You can leave a question open."))
        self.add(*self.asked.values())
        self.add(muted("Your answers are not kept. Only the lower volume limit is remembered."))

    def answer(self, question: Question) -> bool | None:
        """None while it is open."""
        return self.asked[question.name].answer

    def clear(self) -> None:
        for asked in self.asked.values():
            asked.clear()


class Asked(Column):
    """One question."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._group = choice_group(self, ("No", "Yes"))
        for choice in self._group.buttons():
            choice.setAccessibleDescription(question.text)
        self.no, self.yes = self._group.buttons()
        self.care = body(question.care)
        self.care.hide()
        self.add(Card(body(question.text), Flow(self.no, self.yes), self.care))
        self._group.idClicked.connect(lambda number: self.care.setVisible(number == _YES))

    @property
    def answer(self) -> bool | None:
        number = self._group.checkedId()
        return None if number < 0 else number == _YES

    def clear(self) -> None:
        release_all(self._group)
        self.care.hide()
