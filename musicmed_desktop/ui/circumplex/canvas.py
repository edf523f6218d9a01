"""What the circumplex is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.labels import Box
from musicmed_desktop.ui.circumplex.disc import Disc
from musicmed_desktop.ui.circumplex.rim import RimWord, feeling_words, pole_words
from musicmed_desktop.ui.theme import Tokens, appearance

SMALL, BOLD = 0.88, 0.95  # sizes of the words, in units of the body text
GAP = 5.0  # between the rim and its words


@dataclass(frozen=True)
class Canvas:
    """Where things lie in a widget of this size, in the look of the moment."""

    disc: Disc
    frame: Box
    tokens: Tokens
    scale: float
    small: QFont
    bold: QFont

    @classmethod
    def of(cls, widget: QWidget) -> Canvas:
        look = appearance()
        small, bold = QFont(widget.font()), QFont(widget.font())
        small.setPointSizeF(small.pointSizeF() * SMALL)
        bold.setPointSizeF(bold.pointSizeF() * BOLD)
        bold.setWeight(QFont.Weight.DemiBold)
        width, height = float(widget.width()), float(widget.height())
        margin = QFontMetricsF(bold).height() + 8 * look.scale
        return cls(Disc.within(width, height, margin), Box(0, 0, width, height), look.tokens, look.scale, small, bold)

    def px(self, length: float) -> float:
        """A length that grows with the text."""
        return length * self.scale

    def at(self, affect: Affect) -> QPointF:
        return QPointF(*self.disc.position(affect))

    @cached_property
    def poles(self) -> tuple[RimWord, ...]:
        """The words at the ends of the axes, in bold."""
        return pole_words(self.disc, self.frame, self.px(GAP), lambda word: measured(self.bold, word))

    @cached_property
    def feelings(self) -> tuple[RimWord, ...]:
        """The words around the rim, in small."""
        return feeling_words(self.disc, self.frame, self.px(GAP), lambda word: measured(self.small, word), self.poles)


def measured(font: QFont, words: str) -> tuple[float, float]:
    """Width and height of words on one line, in pixels."""
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance(words) + 2, metrics.height()


def rectangle(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
