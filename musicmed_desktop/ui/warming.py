"""Loading what the first session needs while the listener checks in, so that the music starts at once."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.ui.makers import Makers

_LISTEN_S, _RATE = 5.0, 16_000  # enough for the recognizer to load its model


def warm_up(makers: Makers) -> None:
    """Open the engine and the recognizer, and load what they use; takes a second or two."""
    import pedalboard  # noqa: F401
    import soxr  # noqa: F401

    makers.engine()
    makers.recognizer().measure(_tone(), _RATE)


def _tone() -> Frames:
    """Silence would not be listened to."""
    time_s = np.arange(round(_LISTEN_S * _RATE)) / _RATE
    return (0.1 * np.sin(2 * np.pi * 220.0 * time_s)).astype(np.float32)[:, np.newaxis]
