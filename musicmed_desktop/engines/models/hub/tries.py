"""Trying again: how often, and after how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicmed_desktop.engines.models.hub.complaints import asked_wait, complaint, may_pass
from musicmed_desktop.engines.models.hub.waiting import Pulse, rest

if TYPE_CHECKING:
    from httpx2 import HTTPError


@dataclass(frozen=True)
class Patience:
    """All in seconds: before each further try, of silence until a line counts as dead, and at most where the hub asks
    to wait. About half a minute in all: as long as a computer needs to find its network again."""

    waits: tuple[float, ...] = (1, 2, 4, 8, 16)
    silence: float = 10
    longest: float = 120


class Tries:
    """Those that failed since something arrived."""

    def __init__(self, patience: Patience, pulse: Pulse) -> None:
        self._patience, self._pulse = patience, pulse
        self._failed, self._reached = 0, 0

    def failed(self, error: HTTPError, reached: int = 0) -> None:
        """Wait until it is time to try again. `reached` is how far it has come: beyond the best, all tries are left.

        Raises UserError where it is no use, and what the pulse raises.
        """
        if reached > self._reached:
            self._failed, self._reached = 0, reached
        asked = asked_wait(error) or 0.0
        if not may_pass(error) or self._failed == len(self._patience.waits) or asked > self._patience.longest:
            raise complaint(error) from error
        rest(max(asked, self._patience.waits[self._failed]), self._pulse)
        self._failed += 1
