"""Places to go to that most people ask for."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect, mood


@dataclass(frozen=True)
class Preset:
    """`word` is the mood whose place it has; `goal` completes the sentence "walk to ..."."""

    name: str
    word: str
    text: str
    goal: str

    @property
    def affect(self) -> Affect:
        return mood(self.word).affect


# "Lifted" is the mood "positive": happy itself lies at the rim of the circumplex, too far for most who feel low.
# "Ready for sleep" is "quiet", the least activated of the pleasant moods: sleepy and drowsy are rated unpleasant.
PRESETS = (
    Preset("Calm", "calm", "At rest in body and mind", "calm"),
    Preset("Lifted", "positive", "Lighter and brighter", "a lighter mood"),
    Preset("Focused", "focused", "Clear, awake and steady", "a clear mind"),
    Preset("Ready for sleep", "quiet", "Soft, slow and safe", "rest and sleep"),
)
