"""Pause, and the way on from there: one button, which says what it would do."""

from __future__ import annotations

from musicmed_desktop.ui.kit import Button
from musicmed_desktop.ui.playing.glyphs import set_glyph
from musicmed_desktop.ui.theme import appearance


class PlayButton(Button):
    """Says "Pause" while music plays, else `again`."""

    def __init__(self, again: str) -> None:
        super().__init__()
        self._again = again
        self._playing = True
        self._dress()
        appearance().changed.connect(self._dress)

    def show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self._dress()

    def _dress(self) -> None:
        self.setText("Pause" if self._playing else self._again)
        set_glyph(self, "pause" if self._playing else "play", appearance().tokens.ink)
