"""One clip of a session, as there is to be drawn of it."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Phase, Step
from musicmed_desktop.session.record import StepRecord


@dataclass(frozen=True)
class WalkStep:
    """One clip on the session's own timeline: when it sounds, what was asked for, how it turned out.

    `index` counts through the whole session, also where its plan was made anew. `measured` is None until the
    clip has been made.
    """

    index: int
    start_s: float
    duration_s: float
    target: Affect
    mood: str
    phase: Phase
    prompt: str
    genre: str
    instruments: tuple[str, ...]
    tempo: str
    measured: Affect | None = None

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s

    @property
    def middle_s(self) -> float:
        return self.start_s + self.duration_s / 2

    @property
    def heard(self) -> Affect:
        """Where its music lies: as measured, or as planned for want of a measurement."""
        return self.measured or self.target

    @classmethod
    def of_plan(cls, step: Step, index: int, start_s: float) -> WalkStep:
        """A step of a plan that begins at `start_s` of the session."""
        return cls(
            index=index,
            start_s=start_s + step.start_s,
            duration_s=step.duration_s,
            target=step.target,
            mood=step.mood,
            phase=step.phase,
            prompt=step.prompt.text,
            genre=step.prompt.genre,
            instruments=step.prompt.instruments,
            tempo=step.prompt.tempo,
        )

    @classmethod
    def of_record(cls, step: StepRecord, index: int) -> WalkStep:
        return cls(
            index=index,
            start_s=step.start_s,
            duration_s=step.duration_s,
            target=step.target.affect,
            mood=step.mood,
            phase=step.phase,
            prompt=step.prompt,
            genre=step.genre,
            instruments=step.instruments,
            tempo=step.tempo,
            measured=step.measured.affect,
        )
