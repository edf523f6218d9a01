"""Loading what the first session needs while the listener checks in, so that the music starts at once."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.ui.makers import Makers
from musicmed_desktop.ui.tasks import Tasks

_LISTEN_S, _RATE = 5.0, 16_000  # enough for the recognizer to load its model


def warm_up(makers: Makers, tasks: Tasks) -> None:
    """Begin to open the engine and the recognizer, and to load what they use.

    An engine that cannot be opened is told of where it is asked for.
    """
    tasks.follow(makers.prepare())
    tasks.run(lambda: _warm_recognizer(makers))


def _warm_recognizer(makers: Makers) -> None:
    import pedalboard  # noqa: F401
    import soxr  # noqa: F401

    makers.recognizer().measure(_tone(), _RATE)


def _tone() -> Frames:
    """Silence would not be listened to."""
    time_s = np.arange(round(_LISTEN_S * _RATE)) / _RATE
    return (0.1 * np.sin(2 * np.pi * 220.0 * time_s)).astype(np.float32)[:, np.newaxis]
