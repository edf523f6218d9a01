"""The page on which a session begins: two clicks say from where to where, the third one starts the music."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.exchange import PlanFile
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.feeling import FeelingPicker
from musicmed_desktop.ui.kit import Column, Page, SideBySide, footed, heading, title
from musicmed_desktop.ui.pages.check_in.hearing import Hearing
from musicmed_desktop.ui.pages.check_in.hearing_picker import HearingPicker
from musicmed_desktop.ui.pages.check_in.outlook import Outlook
from musicmed_desktop.ui.pages.check_in.plan_card import PlanCard
from musicmed_desktop.ui.pages.check_in.plan_files import PlanFiles
from musicmed_desktop.ui.pages.check_in.resume_card import ResumeCard
from musicmed_desktop.ui.pages.check_in.sentences import missing
from musicmed_desktop.ui.pages.check_in.start_bar import StartBar
from musicmed_desktop.ui.pages.check_in.wishes import Wishes
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn

_REST_MS = 120  # the path is drawn when the point rests
_BESIDE = 660  # from this width on the wishes stand beside the feeling


class CheckInPage(QWidget):
    """`start_requested` carries the CheckIn. `resume_answered` answers `offer`."""

    start_requested = Signal(object)  # CheckIn
    resume_answered = Signal(str)  # Answer
    notice = Signal(str, object)  # words, and what undoes it or None

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences = services.preferences
        self._resume, self._plan_card, self.plans = ResumeCard(), PlanCard(), PlanFiles(services.tasks)
        self._plan: PlanFile | None = None
        self.feeling = FeelingPicker("How you feel")
        self.wishes = Wishes()
        self.elsewhere = FeelingPicker("Where you would like to go")
        self._elsewhere = _section("Choose where you would like to go", self.elsewhere)
        self.hearing = HearingPicker(Hearing.of(services.preferences.settings))
        self._bar = StartBar()
        self.start = self._bar.start
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._lay_out()
        self._connect()
        self._look_ahead()

    @property
    def check_in(self) -> CheckIn | None:
        """What was said so far; None while something is missing."""
        feeling, wish, hearing = self.feeling.affect, self._wish, self.hearing.hearing
        if feeling is None or wish is None:
            return None
        if self._plan is not None:
            return CheckIn.by(self._plan.prescription, feeling)
        return CheckIn(feeling, wish, hearing.minutes, hearing.instruments, hearing.genre)

    def set_busy(self, busy: bool) -> None:
        """While the session starts."""
        self._bar.set_busy(busy)

    def reset(self) -> None:
        """For the next session: the moods are forgotten, what somebody likes to hear is kept."""
        self.feeling.set_affect(None)
        self.elsewhere.set_affect(None)
        self.wishes.clear()
        self.set_busy(False)
        self.show_plan(None)

    def offer(self, interrupted: str) -> None:
        """Ask what should become of a session that was cut off; "": there is none any more."""
        self._resume.offer(interrupted)

    def show_plan(self, plan: PlanFile | None) -> None:
        """Somebody else's plan takes the place of what the listener would choose; None puts it away."""
        self._plan = plan
        self._plan_card.show_plan(plan)
        for part in (self.wishes, self.hearing):
            part.setVisible(plan is None)
        self._elsewhere.setVisible(plan is None and self.wishes.elsewhere)
        self.page.verticalScrollBar().setValue(0)
        self._look_ahead()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, or else Start."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            (focused if isinstance(focused, QAbstractButton) else self.start).click()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.page = Page()
        feeling = _section("How do you feel?", self.feeling)
        self._elsewhere.hide()
        beside = SideBySide(_BESIDE, (feeling, 2), (self.wishes, 1))
        self.page.add(self._resume, title("A new session"), self._plan_card, beside, self._elsewhere, self.hearing)
        self.page.add(self.plans)
        for picture in (beside, self._elsewhere):
            self.page.column.setStretchFactor(picture, 1)
        footed(self, self.page, self._bar)

    def _connect(self) -> None:
        self.feeling.moved.connect(self._look_ahead_soon)
        self.feeling.chosen.connect(self._look_ahead_soon)
        self.elsewhere.moved.connect(self._look_ahead_soon)
        self.elsewhere.chosen.connect(self._look_ahead_soon)
        self.hearing.changed.connect(self._look_ahead_soon)
        self.hearing.unfolded.connect(lambda: self._bring_into_sight(self.hearing))
        self.wishes.changed.connect(self._wish_changed)
        self._resting.timeout.connect(self._look_ahead)
        self._bar.pressed.connect(self._request)
        self._resume.answered.connect(self.resume_answered)
        self._plan_card.put_away.connect(lambda: self.show_plan(None))
        self.plans.opened.connect(self.show_plan)
        self.plans.notice.connect(self.notice)

    @property
    def _wish(self) -> Affect | None:
        if self._plan is not None:
            return self._plan.prescription.target
        preset = self.wishes.preset
        if preset is not None:
            return preset.affect
        return self.elsewhere.affect if self.wishes.elsewhere else None

    def _goal(self, wish: Affect) -> str:
        preset = self.wishes.preset
        return preset.goal if preset else f"feeling {word_near(wish)}"

    def _wish_changed(self) -> None:
        self._elsewhere.setVisible(self.wishes.elsewhere)
        if self.wishes.elsewhere:
            self._bring_into_sight(self._elsewhere)
        self._look_ahead_soon()

    def _bring_into_sight(self, part: QWidget) -> None:
        """As soon as it has its place."""
        QTimer.singleShot(0, self, lambda: self.page.ensureWidgetVisible(part))

    def _look_ahead_soon(self) -> None:
        """The button follows at once, the picture and the words when all rests."""
        self._bar.set_ready(self.check_in is not None)
        self._resting.start()

    def _look_ahead(self) -> None:
        """Draw the path and say what will happen."""
        check_in = self.check_in
        if check_in is None:
            outlook = Outlook((), missing(self.feeling.affect, self._wish))
        else:
            outlook = Outlook.of(check_in, self._goal(check_in.wished))
        playable = None if outlook.problem else check_in
        self._bar.set_ready(playable is not None)
        self._bar.say(outlook.sentence, outlook.caution, outlook.problem)
        self.plans.follow(playable)
        self._draw(outlook.path)

    def _draw(self, path: tuple[Affect, ...]) -> None:
        for picker in (self.feeling, self.elsewhere):
            picker.pad.set_planned(path)

    def _request(self) -> None:
        check_in = self.check_in
        if check_in is not None and check_in.plan is None:
            self._preferences.change(minutes=check_in.minutes, instruments=check_in.instruments, genre=check_in.genre)
        if check_in is not None:
            self.start_requested.emit(check_in)


def _section(question: str, picker: FeelingPicker) -> QWidget:
    section = Column(heading(question), picker)
    section.column.setStretch(1, 1)
    return section
