"""The clips of a condition, by the mood that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect, Quadrant, nearest, quadrant
from musicmed_desktop.evaluation.report.words import plain_line, shortened
from musicmed_desktop.evaluation.values import Results


@dataclass(frozen=True)
class Aim:
    """One target, a word for it, and where its clips were heard."""

    target: Affect
    word: str
    heard: tuple[Affect, ...]

    @property
    def quadrant(self) -> Quadrant:
        return quadrant(self.target)

    @property
    def mean(self) -> Affect:
        count = len(self.heard)
        return Affect.clipped(sum(a.valence for a in self.heard) / count, sum(a.arousal for a in self.heard) / count)


def aims_of(results: Results) -> list[Aim]:
    """Each target once, in the order of the clips."""
    heard: dict[Affect, list[Affect]] = {}
    words: dict[Affect, str] = {}
    for clip in results.clips:
        target, moods = clip.item.target, clip.item.prompt.moods
        heard.setdefault(target, []).append(clip.measured)
        words.setdefault(target, shortened(plain_line(" + ".join(moods)), 28) or nearest(target, count=1)[0].word)
    return [Aim(target, words[target], tuple(those)) for target, those in heard.items()]
