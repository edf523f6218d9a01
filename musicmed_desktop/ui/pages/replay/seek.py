"""Where the replay is, and the way to elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from musicmed_desktop.ui.kit import Row, body, clock

STEP_S, STRIDE_S = 5, 30  # of the arrow keys, and of Page Up and Page Down


class SeekBar(QWidget):
    """`sought` tells a second of the session: at the end of a drag, at once for a click or a key."""

    sought = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = _JumpSlider()
        self._heard, self._whole = body("0:00"), body("0:00")
        for label in (self._heard, self._whole):
            label.setWordWrap(False)
        across = Row(self._heard, self.slider, self._whole)
        across.setStretch(1, 1)
        self.setLayout(across)
        self.slider.valueChanged.connect(lambda value: self.sought.emit(float(value)))
        self.slider.sliderMoved.connect(lambda value: self._heard.setText(clock(value)))

    @property
    def text(self) -> str:
        return f"{self._heard.text()} of {self._whole.text()}"

    def set_length(self, seconds: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, int(seconds))
            self.slider.setValue(0)
        self._whole.setText(clock(seconds))
        self._heard.setText(clock(0))

    def show_position(self, seconds: float) -> None:
        """Follow the music, unless somebody holds the slider."""
        words = clock(seconds)
        if self.slider.isSliderDown() or (self.slider.value() == int(seconds) and words == self._heard.text()):
            return
        with QSignalBlocker(self.slider):
            self.slider.setValue(int(seconds))
        self._heard.setText(words)


class _JumpSlider(QSlider):
    """A slider whose handle comes to where it is clicked."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setTracking(False)
        self.setSingleStep(STEP_S)
        self.setPageStep(STRIDE_S)
        self.setAccessibleName("Moment of the session, in seconds")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            span, at = self.width(), round(event.position().x())
            self.setSliderPosition(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, span))
        super().mousePressEvent(event)
