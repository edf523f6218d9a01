"""What is to be seen and read of a stored session."""

from __future__ import annotations

from musicmed_desktop.audio.player import Player
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.circumplex import TrajectoryView, Walk, word_near
from musicmed_desktop.ui.kit import Card, body, muted, title
from musicmed_desktop.ui.playing import ProblemCard, Stage, WhyCard, state_words

_OPENING = "One moment."
_STATES = {"waiting": _OPENING, "paused": "Paused."}  # else as while listening


class Display:
    """The head and the middle of the page."""

    def __init__(self) -> None:
        self.title, self.felt, self.note = title(""), body(), body()
        self.problem, self.why = ProblemCard(), WhyCard()
        self.picture = TrajectoryView()
        self._note_card = Card(muted("Your note"), self.note)
        self.stage = Stage(self.picture, self.problem, self.why.frame, Card(self.felt), self._note_card)
        self.picture.hovered.connect(self.why.point_at)

    def begin(self, entry: Entry, walk: Walk) -> None:
        """Show a session before its first tone."""
        self.title.setText(entry.title)
        self.felt.setText(_felt_words(entry))
        self.note.setText(entry.note)
        self._note_card.setVisible(bool(entry.note))
        self.problem.hide()
        self.picture.set_walk(None)  # the point does not glide over from another session
        self.picture.set_position(0.0)
        self.picture.set_walk(walk)
        self.picture.set_marks(entry.before, entry.after)
        self.why.show_heard(_OPENING, walk.step_at(0.0))

    def show_moment(self, player: Player, walk: Walk) -> None:
        position_s, state = player.position_s, player.state
        self.picture.set_position(position_s)
        self.why.show_heard(_STATES.get(state) or state_words(state), walk.step_at(position_s))
        self.why.meter.set_level(player.level())
        self.problem.show_problem(player.problem, state == "lost")


def _felt_words(entry: Entry) -> str:
    before = f"Before you felt {word_near(entry.before)}"
    if entry.after is None:
        return f"{before}."
    return f"{before}, afterwards {word_near(entry.after)}."
