"""The volume, and the loudest that it may be."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

from musicmed_desktop.ui.kit import body, button
from musicmed_desktop.ui.pages.listening.glyphs import set_glyph
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance

STEPS = 100
LEAST_LIMIT = 0.1  # nobody locks themselves into silence
_LOCK = "Keep this volume as the loudest"
_LOCKED = "The loudest volume is locked. It can be changed in the settings."


class VolumeControl(QWidget):
    """Changes `volume` of the preferences, up to their `volume_limit`, and locks that limit.

    A lock is opened in the settings alone: what was locked in a calm hour must not give way to a slip.
    """

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.slider = LimitedSlider()
        self.lock = button("", self._lock, look="quiet", name=_LOCK)
        label = body("Volume")
        label.setWordWrap(False)
        label.setBuddy(self.slider)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(label)
        across.addWidget(self.slider, 1)
        across.addWidget(self.lock)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.valueChanged.connect(lambda _: self._moved())  # what Qt tells here may lie beyond the limit
        preferences.changed.connect(self._show)
        appearance().changed.connect(self._show)
        self._show()

    def _moved(self) -> None:
        self._preferences.change(volume=self.slider.value() / STEPS)

    def _lock(self) -> None:
        settings = self._preferences.settings
        if not settings.volume_locked:
            limit = max(LEAST_LIMIT, min(settings.volume, settings.volume_limit))
            self._preferences.change(volume_limit=limit, volume_locked=True)
        QToolTip.showText(self.lock.mapToGlobal(self.lock.rect().topLeft()), _LOCKED, self.lock)

    def _show(self) -> None:
        settings = self._preferences.settings
        locked = settings.volume_locked
        self.slider.show_values(round(settings.volume * STEPS), round(settings.volume_limit * STEPS))
        self.lock.setAccessibleName(_LOCKED if locked else _LOCK)
        self.lock.setToolTip(_LOCKED if locked else _LOCK)
        set_glyph(self.lock, "locked" if locked else "unlocked", appearance().tokens.ink)


class LimitedSlider(QSlider):
    """From 0 to 100 %, with a mark beyond which it does not go."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(2)
        self.setPageStep(10)
        self.setAccessibleName("Volume")
        self._limit = STEPS

    @property
    def limit(self) -> int:
        return self._limit

    def show_values(self, value: int, limit: int) -> None:
        """Stand at `value`, or at the `limit` where that is lower; nothing is emitted."""
        self._limit = limit
        words = f"At most {limit} %" if limit < STEPS else ""
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.blockSignals(True)
        self.setValue(min(value, limit))
        self.blockSignals(False)
        self.update()

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        """Before anybody hears of a value beyond the limit, it is the limit."""
        if change == QSlider.SliderChange.SliderValueChange and self.value() > self._limit:
            self.setValue(self._limit)
        super().sliderChange(change)

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(110), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._limit == STEPS:
            return
        look = appearance()
        x, reach = self._x_of(self._limit), look.px(9)
        middle = self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.tokens.muted), look.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QLineF(x, middle - reach, x, middle + reach))

    def _x_of(self, value: int) -> float:
        """Where the middle of the handle stands for `value`."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = value
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return handle.center().x()
