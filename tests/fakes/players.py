"""A player and a session that do as they are told, for pages that show them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.player import Player, PlayerState
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.circumplex.walk import walk_of_plan
from musicmed_desktop.ui.session import CheckIn, Ended, Making
from tests.fakes.recordings import walk


class ScriptedPlayer:
    """Stands where it was put, in the state that it was put in."""

    def __init__(self) -> None:
        self.state: PlayerState = "playing"
        self.position_s = 0.0
        self.given_s = 0.0
        self.underruns = 0
        self.loudness = -20.0
        self.problem: UserError | None = None
        self.looks = 0  # how often its level was asked for

    def level(self) -> float:
        self.looks += 1
        return self.loudness


class ScriptedController(QObject):
    """Has the face of a SessionController, and writes down what it is asked for. `open` gives it a player."""

    began = Signal()
    walk_changed = Signal()
    engine_moved = Signal(str)
    ended = Signal(object)

    def __init__(self, minutes: float = 15.0) -> None:
        super().__init__()
        plan = walk("worried", "calm", minutes)
        self.walk = walk_of_plan(plan)
        self.making = Making(1, len(plan.steps))
        prescription = plan.prescription
        self.check_in = CheckIn(prescription.start, prescription.target, minutes)
        self.scripted = ScriptedPlayer()
        self.player: Player | None = None
        self.about = ""
        self.running = self.paused = False
        self.asked: list[str] = []
        self.felt: Affect | None = None

    @property
    def position_s(self) -> float:
        return self.scripted.position_s if self.player else 0.0

    def begin(self) -> None:
        self.running = True
        self.began.emit()

    def open(self, position_s: float = 0.0, given_s: float = 30.0) -> ScriptedPlayer:
        self.scripted.position_s, self.scripted.given_s = position_s, given_s
        self.about = "The built-in composer makes the music."
        self.player = cast(Player, self.scripted)
        return self.scripted

    def end(self) -> None:
        self.running, self.player = False, None
        self.ended.emit(Ended(self.check_in, None, None, shortened=True))

    def pause(self) -> None:
        self.asked.append("pause")
        self.paused = True
        self.scripted.state = "paused"

    def resume(self) -> None:
        self.asked.append("resume")
        self.paused = False
        self.scripted.state = "playing"

    def stop(self) -> None:
        self.asked.append("stop")
        self.scripted.state = "stopped"

    def worse(self) -> None:
        self.asked.append("worse")

    def moved(self, felt: Affect) -> None:
        self.asked.append("moved")
        self.felt = felt
