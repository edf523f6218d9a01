"""How much of the music a decoder sees."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.shapes import FRAME_RATE, WINDOW_S


@dataclass(frozen=True)
class Window:
    """How much music the decoder sees at a time, and by how much it moves on when that is full, both in seconds.

    What lies between is read again. The defaults are AudioCraft's. ValueError where `seconds` is more than WINDOW_S, or
    `stride` more than `seconds`.
    """

    seconds: float = WINDOW_S
    stride: float = 18.0

    def __post_init__(self) -> None:
        if not 1 / FRAME_RATE <= self.stride <= self.seconds <= WINDOW_S:
            raise ValueError(f"a stride of {self.stride} s in a window of {self.seconds} s")

    @property
    def frames(self) -> int:
        return round(self.seconds * FRAME_RATE)

    @property
    def kept(self) -> int:
        """Frames of the music so far with which a window begins."""
        return round((self.seconds - self.stride) * FRAME_RATE)


def window_for(place: Placement) -> Window:
    """AudioCraft's on graphics processors. On a processor a long cache costs as much as the weights, so that the window
    is shorter there: musicgen-small then writes faster by a seventh."""
    return Window(20.0, 14.0) if place.device == "cpu" else Window()
