"""Loading what the first session needs while the listener checks in, so that the music starts at once."""

from __future__ import annotations

from musicmed_desktop.ui.makers import Makers


def warm_up(makers: Makers) -> None:
    """Open the engine and the recognizer, and load the packages that they use; takes a second or two."""
    import pedalboard  # noqa: F401
    import soundfile  # noqa: F401
    import soxr  # noqa: F401

    makers.engine()
    makers.recognizer()
