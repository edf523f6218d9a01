"""Before, after, and the path between them."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.circumplex import TrajectoryView, walk_of_record, word_near
from musicmed_desktop.ui.kit import Card, Column, Flow, Page, SideBySide, body, button, heading, muted, title
from musicmed_desktop.ui.pages.check_out.outcome import may_need_help, outcome
from musicmed_desktop.ui.session import Ended
from musicmed_desktop.ui.theme import appearance

_BESIDE = 640  # from this width on the words stand beside the picture
_HELP = "If it is hard right now, you do not have to be alone with it."


class Result(Page):
    """What came of the session, and where to go from here."""

    again_requested = Signal()
    new_session_requested = Signal()
    sessions_requested = Signal()
    help_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = heading("")
        self._marks = muted()
        self._why = muted()
        self._view = TrajectoryView()
        self._view.hovered.connect(self._why.setText)
        self.find_help = button("Find help", self.help_requested.emit)
        self.help = Card(body(_HELP), Flow(self.find_help))
        self.again = button("Listen again", self.again_requested.emit)
        self.new_session = button("New session", self.new_session_requested.emit, look="primary")
        self.sessions = button("To my sessions", self.sessions_requested.emit)
        ways_on = Flow(self.new_session, self.again, self.sessions)
        words = Column(self.sentence, self._marks, self.help, ways_on, self._why, None)
        self.add(title("Your session"), SideBySide(_BESIDE, (words, 2), (self._view, 3)))
        self.column.setStretch(1, 1)
        self._size_view()
        appearance().changed.connect(self._size_view)

    def show_result(self, ended: Ended, entry: Entry) -> None:
        """`entry` as it is now, with what was said after."""
        before, wished = ended.check_in.before, ended.check_in.wished
        after = entry.after
        self.sentence.setText(outcome(before, wished, after))
        self._marks.setText(_marks(before, wished, after))
        self._why.clear()
        self._view.setVisible(ended.record is not None)
        if ended.record is not None:
            walk = walk_of_record(ended.record)
            self._view.set_walk(walk)
            self._view.set_position(walk.seconds)
            self._view.set_marks(before, after)
        self.help.setVisible(may_need_help(before, after, felt_worse=bool(entry.worse_at_s)))

    def _size_view(self) -> None:
        self._view.setMinimumSize(appearance().px(280), appearance().px(280))


def _marks(before: Affect, wished: Affect, after: Affect | None) -> str:
    """What the picture shows, in words."""
    places = [("Before", before), ("Where you wanted to go", wished), ("After", after)]
    return "\n".join(f"{name}: {word_near(affect)}" for name, affect in places if affect)
