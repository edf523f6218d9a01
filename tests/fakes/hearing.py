"""Conditions of which it is known what was heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.choice import Choice
from musicmed_desktop.evaluation.values import Condition, Heard, Item, Results, Walk
from musicmed_desktop.plan.prompts import mood_tags, prompt

DIMENSIONS = 16


def item(key: str, target: Affect, moods: Sequence[str] | None = None) -> Item:
    """Music for `target`, with its nearest mood tags where none are given."""
    return Item(key, prompt(mood_tags(target) if moods is None else moods, "ambient", ("piano",)), target, seed=0)


def condition(clips: int = 60, miss: float = 0.2, *, name: str = "tuned", walks: int = 4, seed: int = 0) -> Results:
    """Music all over the circumplex, measured `miss` away from where it should be (standard deviation, each axis).

    CLAP chooses the tags that lie nearest to the measured place. The targets are the same whatever the miss and seed.
    """
    asked, heard = np.random.default_rng(1234), np.random.default_rng(seed)
    found = []
    for number in range(clips):
        target = Affect(*asked.uniform(-0.9, 0.9, 2))
        off = heard.normal(0, miss, 2)
        measured = Affect.clipped(target.valence + off[0], target.arousal + off[1])
        sound = heard.normal(size=DIMENSIONS).astype(np.float32)
        score = float(np.clip(heard.normal(0.4 - miss / 2, 0.1), -1, 1))
        known = item(f"{number:03}", target)
        found.append(Heard(known, measured, score, mood_tags(measured), sound / np.linalg.norm(sound)))
    walked = tuple(Walk("anxious", "calm", n, *heard.uniform(0, 1, 4).tolist()) for n in range(walks))
    return Results(Condition(name, Choice()), tuple(found), walked)
