"""What is to be seen and read of a running session."""

from __future__ import annotations

from musicmed_desktop.audio.player import Player
from musicmed_desktop.ui.circumplex import TrajectoryView, Walk
from musicmed_desktop.ui.kit import Card, muted, show_text
from musicmed_desktop.ui.pages.listening.calm_card import CalmCard
from musicmed_desktop.ui.pages.listening.details import Details
from musicmed_desktop.ui.pages.listening.header import Header
from musicmed_desktop.ui.pages.listening.words import journey, making_words, played_words
from musicmed_desktop.ui.playing import ProblemCard, Stage, WhyCard, state_words
from musicmed_desktop.ui.session import Making


class Display:
    """The head and the middle of the page. Of what is shown again and again, only what has changed is painted."""

    def __init__(self) -> None:
        self.header = Header()
        self.picture = TrajectoryView()
        self.problem, self.calm = ProblemCard(), CalmCard()
        self.why, self.making, self.details = WhyCard(), muted(""), Details()
        self.stage = Stage(self.picture, self.problem, self.calm, self.why.frame, Card(self.making, self.details))
        self.picture.hovered.connect(self.why.point_at)

    def begin(self) -> None:
        """Forget what was said of another session."""
        self.calm.hide()
        self.problem.hide()
        show_text(self.making, "")
        self.details.forget()

    def show_walk(self, walk: Walk) -> None:
        self.picture.set_walk(walk)
        self.header.show_journey(journey(walk.start, walk.target))

    def show_moment(self, walk: Walk, position_s: float, state: str) -> None:
        """The session is at `position_s`; `state` says in words what goes on."""
        self.picture.set_position(position_s)
        self.header.show_time(position_s, walk.seconds)
        self.why.show_heard(state, walk.step_at(position_s))

    def show_player(self, player: Player, walk: Walk, making: Making, about: str) -> None:
        """How far the making is, how loud the music, whether all is well with the sound, and what makes it."""
        position_s = player.position_s
        ahead = making_words(making.step, making.count, making.complete, player.given_s - position_s)
        words = f"{ahead} {played_words(position_s, walk.seconds)}"
        if words != self.making.text():
            show_text(self.making, words)
        self.why.meter.set_level(player.level())
        self.problem.show_problem(player.problem, player.state == "lost")
        self.details.show_step(walk.step_at(position_s), about, player.underruns)

    def end(self, walk: Walk) -> None:
        """The last tone has sounded."""
        self.why.meter.set_level(float("-inf"))
        self.why.show_heard(state_words("ended"), walk.steps[-1])

    def reassure(self) -> None:
        """After "I feel worse": say what happens now, where it is seen at once."""
        self.calm.calm()
        self.stage.words.verticalScrollBar().setValue(0)
