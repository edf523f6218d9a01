"""What is heard in a clip, by the program's recognizer and by CLAP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.evaluation.values import Embedding, Heard, Item
from musicmed_desktop.plan.palette import spoken
from musicmed_desktop.plan.prompts import CHARACTERS
from musicmed_desktop.recognition import Recognizer

if TYPE_CHECKING:
    from musicmed_desktop.evaluation.listening.clap import Clap


class Ears:
    """Hears clips. Without `clap` it hears where they lie on the circumplex, and nothing else."""

    def __init__(self, recognizer: Recognizer, clap: Clap | None) -> None:
        self._recognizer = recognizer
        self._clap = clap

    def hear(self, item: Item, samples: Frames, sample_rate: int) -> Heard:
        """What is heard in the clip that was made of `item`; `samples` is (n, channels) in [-1, 1], of at least 3 s."""
        measured = self._recognizer.measure(samples, sample_rate).affect
        if self._clap is None:
            return Heard(item, measured)
        sound = self._clap.sound(samples, sample_rate)
        (text,) = self._clap.text([item.prompt.text])
        return Heard(item, measured, float(text @ sound), likely_tags(self._clap, item.prompt.moods, sound), sound)


def likely_tags(clap: Clap, intended: Sequence[str], sound: Embedding) -> tuple[str, ...]:
    """As many mood tags as are intended, the likeliest first: of those that say how music feels, and the intended."""
    known = sorted(CHARACTERS.union(intended))
    likeness = clap.text([f"{spoken(tag)} music" for tag in known]) @ sound
    likeliest = np.argsort(-likeness, kind="stable")[: len(intended)]
    return tuple(known[index] for index in likeliest)
