"""What the listener asks for while they listen: a mailbox between their thread and the session's."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.fader import FadeOut
from musicmed_desktop.plan import Prescription
from musicmed_desktop.session.record import Reason


@dataclass(frozen=True)
class ChangeWish:
    """From now on `prescription`, since the listener feels like `felt`."""

    reason: Reason
    felt: Affect
    prescription: Prescription


@dataclass(frozen=True)
class StopWish:
    """End with `fade`, in seconds of the session; None: where it can no longer be changed."""

    fade: FadeOut | None


Wish = ChangeWish | StopWish


class Wishes:
    """Wishes in the order in which they came; written on one thread and read on another."""

    def __init__(self) -> None:
        self._wishes: deque[Wish] = deque()
        self._came = threading.Condition()

    def change(self, reason: Reason, felt: Affect, prescription: Prescription) -> None:
        """Plan the rest anew; `prescription` is one that can be planned, as those of plan.detour can."""
        self._put(ChangeWish(reason, felt, prescription))

    def stop(self, fade: FadeOut | None = None) -> None:
        """End early. What sounds is kept, with the player's `fade`, in seconds of the session. None: end at once."""
        self._put(StopWish(fade))

    def waiting(self) -> bool:
        return bool(self._wishes)

    def stop_waiting(self) -> bool:
        with self._came:
            return any(isinstance(wish, StopWish) for wish in self._wishes)

    def take(self) -> Wish | None:
        """The oldest wish that was not taken yet."""
        with self._came:
            return self._wishes.popleft() if self._wishes else None

    def wait(self, seconds: float) -> None:
        """Until there is a wish, at most `seconds`."""
        with self._came:
            self._came.wait_for(self.waiting, seconds)

    def _put(self, wish: Wish) -> None:
        with self._came:
            self._wishes.append(wish)
            self._came.notify_all()
