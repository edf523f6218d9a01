"""The ground of the picture: the circumplex with its axes, tinted quadrants and words around the rim."""

from __future__ import annotations

import math
from collections.abc import Sequence

from musicmed_desktop.affect import Affect
from musicmed_desktop.affect.moods import mood
from musicmed_desktop.session.labels import Box, text_box
from musicmed_desktop.session.svg import BACKGROUND, MUTED, Position, circle, element, line, text

CENTRE = (480.0, 540.0)
UNIT = 295.0  # pixels from neutral to valence 1
RIM = 1.2 * UNIT  # many feelings lie a little outside the unit circle
TINTS = ("#f7d988", "#f1aea0", "#a9b8de", "#a3d6bd")  # by quadrant, from excitement on against the clock
POLES = ("pleasant", "activated", "unpleasant", "calm")  # at 0, 90, 180 and 270 degrees
RIM_WORDS = (
    *("excited", "happy", "hopeful", "content", "relaxed", "peaceful", "sleepy", "tired"),
    *("bored", "lonely", "sad", "afraid", "angry", "anxious", "alert"),
)
APART = math.radians(13)  # between neighbouring words on the rim


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
    poles = [_at_rim(word, math.radians(90 * n), 15) for n, word in enumerate(POLES)]
    return element(
        "g",
        *(_sector(number) for number in range(4)),
        *rings,
        *(line(_axis(angle), stroke="#ffffff", stroke_width=2.5) for angle in (0.0, math.pi / 2)),
        circle(CENTRE, RIM, stroke="#d3cec3", stroke_width=1.5),
        fill="none",
    ) + element("g", *poles, fill=MUTED, font_weight="600", letter_spacing=1.2)


def _sector(number: int) -> str:
    (x1, y1), (x2, y2) = (_polar(RIM, math.radians(90 * n)) for n in (number, number + 1))
    shape = f"M{CENTRE[0]} {CENTRE[1]}L{x1:.1f} {y1:.1f}A{RIM:g} {RIM:g} 0 0 0 {x2:.1f} {y2:.1f}Z"
    return element("path", d=shape, fill=f"url(#tint{number})")


def _axis(angle: float) -> tuple[Position, Position]:
    return _polar(RIM, angle), _polar(RIM, angle + math.pi)


def _polar(radius: float, angle: float) -> Position:
    return CENTRE[0] + radius * math.cos(angle), CENTRE[1] - radius * math.sin(angle)


def rim_words(busy: Sequence[Position], taken: Sequence[Box]) -> str:
    """Mood words around the rim, each in its own direction, where there is room for them."""
    angles = [math.radians(90 * n) for n in range(-2, 3)]
    written = []
    for word in RIM_WORDS:
        place = mood(word).affect
        angle = math.atan2(place.arousal, place.valence)
        box = _rim_box(word, angle, 15)
        free = not any(box.holds(at, 10) for at in busy) and not any(box.overlaps(other) for other in taken)
        if free and all(abs(angle - other) > APART for other in angles):
            angles.append(angle)
            written.append(_at_rim(word, angle, 15))
    return element("g", *written, fill=MUTED)


def _rim_box(word: str, angle: float, size: float) -> Box:
    """The box of a word that touches the rim from outside."""
    box = text_box(word, CENTRE, size)
    x, y = _polar(RIM + 13, angle)
    return Box(x - box.width * (1 - math.cos(angle)) / 2, y - box.height * (1 + math.sin(angle)) / 2, box.width, box.height)


def _at_rim(word: str, angle: float, size: float) -> str:
    box = _rim_box(word, angle, size)
    middle = (box.x + box.width / 2, box.y + box.height * 0.75)
    return text(word, middle, size, text_anchor="middle", paint_order="stroke", stroke=BACKGROUND, stroke_width=3.0)
