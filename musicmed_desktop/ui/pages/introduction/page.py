"""The introduction, step by step; two minutes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from musicmed_desktop.ui.kit import Foot, Page, body, button, footed, muted, title
from musicmed_desktop.ui.pages.introduction.advice import HEARING, SEIZURES
from musicmed_desktop.ui.pages.introduction.crisis_help import HelpByCountry
from musicmed_desktop.ui.pages.introduction.screening import Screening
from musicmed_desktop.ui.pages.introduction.sound_check import SoundCheck
from musicmed_desktop.ui.pages.introduction.welcome import Welcome
from musicmed_desktop.ui.services import Services

INTRODUCTION = "1"  # is read again when it changes in substance
_SCREENING = 1  # the step of the questions
_LATER = "You can read this again at any time: press Help in a crisis, which is always in sight outside a session."


class IntroductionPage(QWidget):
    """`finished` tells that it was read to its end; the settings say whether that counts.

    It does not count for those who should ask a doctor first and have not: it is shown again at the next start.
    """

    finished = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences = services.preferences
        self.screening, self.help, self.sound = Screening(), HelpByCountry(), SoundCheck(services)
        self._pages = (
            _step("Welcome to MusicMed", Welcome()),
            _step("A few questions first", self.screening),
            _step("If it gets hard", body(_LATER), self.help),
            _step("Can you hear it well?", self.sound),
        )
        self._steps = QStackedLayout()
        for page in self._pages:
            self._steps.addWidget(page)
        self.back = button("Back", lambda: self._go(-1))
        self.next = button("Next", lambda: self._go(+1), look="primary")
        self.progress = muted()
        self._limit = self._preferences.settings.volume_limit
        self._lay_out()
        self._show(0)

    @property
    def step(self) -> Page:
        """The one that is shown."""
        return self._pages[self._steps.currentIndex()]

    def reset(self) -> None:
        """To be read again from its beginning."""
        self._limit = self._preferences.settings.volume_limit
        self.screening.clear()
        self._show(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the buttons below do not want scrolls the text above."""
        self.step.keyPressEvent(event)

    def _lay_out(self) -> None:
        foot, steps = Foot(self.back, self.progress, self.next), QWidget()
        foot.row.setStretch(1, 1)
        steps.setLayout(self._steps)
        footed(self, steps, foot)

    def _go(self, by: int) -> None:
        if self._steps.currentIndex() == _SCREENING:
            self._take_care()
        step = self._steps.currentIndex() + by
        if step == self._steps.count():
            self._finish()
        else:
            self._show(step)

    def _show(self, step: int) -> None:
        count = self._steps.count()
        self._steps.setCurrentIndex(step)
        self.progress.setText(f"Step {step + 1} of {count}")
        self.back.setEnabled(step > 0)
        self.next.setText("Finish" if step + 1 == count else "Next")

    def _take_care(self) -> None:
        """What follows from the answers."""
        care = self.screening.answer(HEARING)
        if care is not None:
            own = self._preferences.settings.changed(hearing_care=False, volume_limit=self._limit)
            self._preferences.take(own.with_hearing_care() if care else own)
        self.sound.begin(ask_first=self.screening.answer(SEIZURES) is True)

    def _finish(self) -> None:
        if self.sound.may_play:
            self._preferences.change(first_run_done=INTRODUCTION)
        self.sound.stop()
        self.finished.emit()
        self.reset()


def _step(name: str, *parts: QWidget) -> Page:
    return Page(title(name), *parts, None, width=720)
