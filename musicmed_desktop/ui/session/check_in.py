"""What the listener said before the session."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.plan import Prescription, parse_prescription


@dataclass(frozen=True)
class CheckIn:
    """How they feel, where they would like to go, and what they want to hear ("" and (): anything).

    Where there is a `plan`, as from a therapist, it is played as it was written, wherever they are now.
    """

    before: Affect
    wished: Affect
    minutes: float
    instruments: tuple[str, ...] = ()
    genre: str = ""
    plan: Prescription | None = None

    @classmethod
    def by(cls, plan: Prescription, before: Affect) -> CheckIn:
        """Of somebody who feels like `before`, and wants to hear the plan."""
        genre = plan.palette.genres[0] if plan.palette.genres else ""
        return cls(before, plan.target, plan.minutes, plan.palette.instruments, genre, plan)

    @property
    def before_word(self) -> str:
        return nearest(self.before, count=1, kind="feeling")[0].word

    @property
    def wished_word(self) -> str:
        return nearest(self.wished, count=1, kind="feeling")[0].word

    def prescription(self) -> Prescription:
        """What is asked of the planner; UserError where it cannot be."""
        if self.plan is not None:
            return self.plan
        return parse_prescription(
            {
                "start": asdict(self.before),
                "target": asdict(self.wished),
                "minutes": self.minutes,
                "palette": {"instruments": list(self.instruments), "genres": [self.genre] if self.genre else []},
            }
        )
