"""One clip at a time: a decoder has one cache."""

from __future__ import annotations

import time
from threading import Lock

from musicmed_desktop.engines.base import Cancelled, CancelledError

_LOOK_S = 0.02


class Turns:
    """Hands out the turns. A clip that was cancelled while it rests, and may never be asked for more, loses its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now: Turn | None = None

    def take(self, cancelled: Cancelled) -> Turn:
        """Wait for a turn; raises CancelledError when `cancelled()` comes first."""
        turn = Turn(self, cancelled)
        while not self._given(turn):
            if cancelled():
                raise CancelledError
            time.sleep(_LOOK_S)
        return turn

    def _given(self, turn: Turn) -> bool:
        with self._lock:
            if self._now is None or self._now.given_up:
                self._now = turn
            return self._now is turn

    def hold(self, turn: Turn, resting: bool) -> bool:
        """Note whether `turn` rests; False where it is lost."""
        with self._lock:
            turn.resting = resting
            return self._now is turn

    def end(self, turn: Turn) -> None:
        with self._lock:
            if self._now is turn:
                self._now = None


class Turn:
    """The right to use the decoder. It rests while the clip's listener works on a chunk."""

    def __init__(self, turns: Turns, cancelled: Cancelled) -> None:
        self._turns = turns
        self._cancelled = cancelled
        self.resting = False

    @property
    def given_up(self) -> bool:
        return self.resting and self._cancelled()

    def rest(self) -> None:
        self._turns.hold(self, resting=True)

    def resume(self) -> None:
        """Raises CancelledError where the turn was lost."""
        if not self._turns.hold(self, resting=False):
            raise CancelledError

    def end(self) -> None:
        self._turns.end(self)
