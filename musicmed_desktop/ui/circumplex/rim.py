"""The words around the rim: as many as there is room for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musicmed_desktop.affect import mood
from musicmed_desktop.session.circumplex import APART, RIM_WORDS
from musicmed_desktop.session.labels import Box, outside
from musicmed_desktop.ui.circumplex.disc import Disc

WORDS = (*RIM_WORDS, "excited")  # "lively" stands at an axis here
POLES = ("pleasant", "lively", "unpleasant", "calm")  # at 0, 90, 180 and 270 degrees
Measure = Callable[[str], tuple[float, float]]  # width and height of a word, in pixels


@dataclass(frozen=True)
class RimWord:
    """A word and where it is written, `turn` degrees with the clock."""

    word: str
    box: Box
    turn: int = 0

    def room(self, margin: float) -> Box:
        """The box with a margin, for what must not come near."""
        box = self.box
        return Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)


def pole_words(disc: Disc, frame: Box, gap: float, measure: Measure) -> tuple[RimWord, ...]:
    """The words at the ends of the axes; along the rim where there is no room beside it, as there is left and right."""
    words = []
    for number, word in enumerate(POLES):
        angle, (width, height) = math.radians(90 * number), measure(word)
        level = RimWord(word, _beyond(disc, angle, gap, (width, height)))
        along = RimWord(word, _beyond(disc, angle, gap, (height, width)), turn=round(90 * math.cos(angle)))
        words.append(level if level.box.within(frame) else along)
    return tuple(words)


def feeling_words(
    disc: Disc, frame: Box, gap: float, measure: Measure, poles: Sequence[RimWord]
) -> tuple[RimWord, ...]:
    """Words for feelings, each in its own direction, that lie in the frame and apart from each other."""
    angles = [math.radians(90 * number) for number in range(-2, 3)]
    written = list(poles)
    for word in WORDS:
        place = mood(word).affect
        angle = math.atan2(place.arousal, place.valence)
        box = _beyond(disc, angle, gap, measure(word))
        free = word not in POLES and box.within(frame) and not any(box.overlaps(w.box, gap) for w in written)
        if free and all(abs(angle - other) > APART for other in angles):
            angles.append(angle)
            written.append(RimWord(word, box))
    return tuple(written[len(poles) :])


def _beyond(disc: Disc, angle: float, gap: float, size: tuple[float, float]) -> Box:
    return outside(Box(0, 0, *size), disc.outward(angle, gap), angle)
