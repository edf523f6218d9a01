"""Colours that say where and when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PySide6.QtGui import QColor

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.svg import TIME_STOPS
from musicmed_desktop.ui.theme import Tokens

_SHADES = 255  # more could not be told apart


def time_colour(tokens: Tokens, share: float) -> QColor:
    """The colour of a moment, `share` 0 (start) to 1 (end) of the session; not to be changed."""
    return _time_colours(tokens)[round(_SHADES * min(1.0, max(0.0, share)))]


@lru_cache(maxsize=4)  # a long walk asks for a thousand of them at each repaint
def _time_colours(tokens: Tokens) -> tuple[QColor, ...]:
    return tuple(_time_colour(tokens, n / _SHADES) for n in range(_SHADES + 1))


def _time_colour(tokens: Tokens, share: float) -> QColor:
    stops = zip(TIME_STOPS, tokens.ramp, strict=True)
    (low, first), (high, second) = next((a, b) for a, b in pairwise(stops) if share <= b[0])
    mix = (share - low) / (high - low)
    return mixed((QColor(first), QColor(second)), (1 - mix, mix))


def place_colour(tokens: Tokens, affect: Affect) -> QColor:
    """The colour of a place: the quadrants' tints, flowing into each other."""
    right, up = (affect.valence + 1) / 2, (affect.arousal + 1) / 2
    weights = (right * up, (1 - right) * up, (1 - right) * (1 - up), right * (1 - up))
    return mixed(tuple(map(QColor, tokens.tints)), weights)


def mixed(colours: Sequence[QColor], weights: Sequence[float]) -> QColor:
    """The mean of opaque colours; the weights add up to 1."""
    channels = zip(*((c.redF(), c.greenF(), c.blueF()) for c in colours), strict=True)
    red, green, blue = (sum(w * c for w, c in zip(weights, channel, strict=True)) for channel in channels)
    return QColor.fromRgbF(min(1.0, red), min(1.0, green), min(1.0, blue))


def faint(colour: QColor | str, opacity: float) -> QColor:
    """The colour, as transparent as `opacity` 0 to 1 says."""
    thin = QColor(colour)
    thin.setAlphaF(opacity)
    return thin
