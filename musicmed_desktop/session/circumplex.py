"""The ground of the picture: the circumplex with its axes, tinted quadrants and words around the rim."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from musicmed_desktop.affect import Affect
from musicmed_desktop.affect.moods import mood
from musicmed_desktop.session.labels import Box, outside, text_box
from musicmed_desktop.session.svg import MUTED, Position, circle, element, line, text

CENTRE = (500.0, 532.0)
UNIT = 295.0  # pixels from neutral to valence 1
RIM = 1.2 * UNIT  # many feelings lie a little outside the unit circle
TINTS = ("#f7d988", "#f1aea0", "#a9b8de", "#a3d6bd")  # by quadrant, from excitement on against the clock
POLES = ("pleasant", "activated", "unpleasant", "calm")  # at 0, 90, 180 and 270 degrees
RIM_WORDS = (
    *("hopeful", "happy", "lively", "anxious", "angry", "tense", "sad", "gloomy", "tired", "sleepy"),
    *("quiet", "relaxed", "peaceful", "glad"),
)
RIM_SIZE = 16.0
APART = math.radians(9)  # between neighbouring words on the rim


def position(affect: Affect) -> Position:
    """Where a point of the circumplex lies in the picture."""
    return CENTRE[0] + UNIT * affect.valence, CENTRE[1] - UNIT * affect.arousal


def gradients() -> list[str]:
    """The definitions that `ground` refers to: each quadrant's tint, which grows toward the rim."""
    return [
        element(
            "radialGradient",
            element("stop", offset=0.0, stop_color=tint, stop_opacity=0.08),
            element("stop", offset=1.0, stop_color=tint, stop_opacity=0.55),
            id=f"tint{number}",
            gradientUnits="userSpaceOnUse",
            cx=CENTRE[0],
            cy=CENTRE[1],
            r=RIM,
        )
        for number, tint in enumerate(TINTS)
    ]


def ground() -> str:
    """Disc, rings, axes and the words at their ends."""
    rings = [circle(CENTRE, share * UNIT, stroke="#ffffff", stroke_width=1.5) for share in (0.4, 0.8)]
    poles = [_at_rim(word, math.radians(90 * n)) for n, word in enumerate(POLES)]
    return element(
        "g",
        *(_sector(number) for number in range(4)),
        *rings,
        *(line(_axis(angle), stroke="#ffffff", stroke_width=2.5) for angle in (0.0, math.pi / 2)),
        circle(CENTRE, RIM, stroke="#d3cec3", stroke_width=1.5),
        fill="none",
    ) + element("g", *poles, fill=MUTED, font_weight="600", letter_spacing=1.2)


def pole_boxes() -> list[Box]:
    """The room that the words at the axes' ends take."""
    return [_rim_box(word, math.radians(90 * n)) for n, word in enumerate(POLES)]


def _sector(number: int) -> str:
    (x1, y1), (x2, y2) = (_polar(RIM, math.radians(90 * n)) for n in (number, number + 1))
    shape = f"M{CENTRE[0]} {CENTRE[1]}L{x1:.1f} {y1:.1f}A{RIM:g} {RIM:g} 0 0 0 {x2:.1f} {y2:.1f}Z"
    return element("path", d=shape, fill=f"url(#tint{number})")


def _axis(angle: float) -> tuple[Position, Position]:
    return _polar(RIM, angle), _polar(RIM, angle + math.pi)


def _polar(radius: float, angle: float) -> Position:
    return CENTRE[0] + radius * math.cos(angle), CENTRE[1] - radius * math.sin(angle)


def rim_words(busy: Sequence[Position], taken: Sequence[Box], without: Collection[str]) -> str:
    """Mood words around the rim, each in its own direction, where there is room for them."""
    angles = [math.radians(90 * n) for n in range(-2, 3)]
    written = []
    for word in (word for word in RIM_WORDS if word not in without):
        place = mood(word).affect
        angle = math.atan2(place.arousal, place.valence)
        box = _rim_box(word, angle)
        free = not any(box.holds(at, 10) for at in busy) and not any(box.overlaps(other, 8) for other in taken)
        if free and all(abs(angle - other) > APART for other in angles):
            angles.append(angle)
            written.append(_at_rim(word, angle))
    return element("g", *written, fill=MUTED)


def _rim_box(word: str, angle: float) -> Box:
    """The box of a word that touches the rim from outside."""
    return outside(text_box(word, CENTRE, RIM_SIZE), _polar(RIM + 17, angle), angle)


def _at_rim(word: str, angle: float) -> str:
    return text(word, _rim_box(word, angle).baseline, RIM_SIZE, text_anchor="middle")
