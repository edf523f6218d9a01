"""The volume, up to the loudest that it may be."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance

STEPS = 100


class VolumeSlider(QSlider):
    """Changes `volume` of the preferences, from 0 to 100 %; a mark shows their limit, which it does not pass."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._preferences = preferences
        self._limit = STEPS
        self.setRange(0, STEPS)
        self.setSingleStep(2)
        self.setPageStep(10)
        self.setAccessibleName("Volume")
        self.valueChanged.connect(lambda _: self._moved())  # what Qt tells here may lie beyond the limit
        preferences.changed.connect(self._show)
        self._show()

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        """Before anybody hears of a value beyond the limit, it is the limit."""
        if change == QSlider.SliderChange.SliderValueChange and self.value() > self._limit:
            self.setValue(self._limit)
        super().sliderChange(change)

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(90), super().sizeHint().height())

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

    def _moved(self) -> None:
        self._preferences.change(volume=self.value() / STEPS)

    def _show(self) -> None:
        settings = self._preferences.settings
        self._limit = round(settings.volume_limit * STEPS)
        words = f"At most {self._limit} %" if self._limit < STEPS else ""
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        with QSignalBlocker(self):
            self.setValue(min(round(settings.volume * STEPS), self._limit))
        self.update()

    def _x_of(self, value: int) -> float:
        """Where the middle of the handle stands for `value`."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = value
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return handle.center().x()
