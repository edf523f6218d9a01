"""The volume, and the lock on the loudest that it may be."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from musicmed_desktop.ui.kit import Row, body, button
from musicmed_desktop.ui.playing.glyphs import set_glyph
from musicmed_desktop.ui.playing.volume_slider import VolumeSlider
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance

LEAST_LIMIT = 0.1  # nobody locks themselves into silence
_LOCK = "Keep this volume as the loudest"
_LOCKED = "The loudest volume is locked. It can be changed in the settings."


class VolumeControl(QWidget):
    """A lock is opened in the settings alone: what was locked in a calm hour must not give way to a slip."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.slider = VolumeSlider(preferences)
        self.lock = button("", self._lock, look="quiet", name=_LOCK)
        self.setLayout(volume_row(self.slider, self.lock))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        preferences.changed.connect(self._show)
        appearance().changed.connect(self._show)
        self._show()

    def _lock(self) -> None:
        settings = self._preferences.settings
        if not settings.volume_locked:
            limit = max(LEAST_LIMIT, min(settings.volume, settings.volume_limit))
            self._preferences.change(volume_limit=limit, volume_locked=True)
        QToolTip.showText(self.lock.mapToGlobal(self.lock.rect().topLeft()), _LOCKED, self.lock)

    def _show(self) -> None:
        locked = self._preferences.settings.volume_locked
        self.lock.setAccessibleName(_LOCKED if locked else _LOCK)
        self.lock.setToolTip(_LOCKED if locked else _LOCK)
        set_glyph(self.lock, "locked" if locked else "unlocked", appearance().tokens.ink)


def volume_row(slider: VolumeSlider, *more: QWidget) -> Row:
    """The slider with its name, and what belongs to it."""
    label = body("Volume")
    label.setWordWrap(False)
    label.setBuddy(slider)
    row = Row(label, slider, *more)
    row.setStretch(1, 1)
    return row
