"""What the listener said before the session."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.plan import Palette, Prescription


@dataclass(frozen=True)
class CheckIn:
    """How they feel, where they would like to go, and what they want to hear ("" and (): anything)."""

    before: Affect
    wished: Affect
    minutes: float
    instruments: tuple[str, ...] = ()
    genre: str = ""

    @property
    def before_word(self) -> str:
        return nearest(self.before, count=1, kind="feeling")[0].word

    @property
    def wished_word(self) -> str:
        return nearest(self.wished, count=1, kind="feeling")[0].word

    def prescription(self) -> Prescription:
        """What is asked of the planner; UserError where it cannot be."""
        genres = (self.genre,) if self.genre else ()
        palette = Palette(instruments=self.instruments, genres=genres)
        return Prescription(start=self.before, target=self.wished, minutes=self.minutes, palette=palette)
