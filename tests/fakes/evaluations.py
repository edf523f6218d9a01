"""Evaluations of music that nobody made: plausible ones, and those at the edge of what there can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.choice import Choice
from musicmed_desktop.evaluation.items import INSTRUMENTS, items
from musicmed_desktop.evaluation.moods import balanced_moods
from musicmed_desktop.evaluation.scores import METRICS, compare, score
from musicmed_desktop.evaluation.values import Condition, Evaluation, Heard, Item, Metric, Results, Walk

HOSTILE = "<script>alert(\"1\")</script> & 'q' | `x` *b* _i_ [a](http://b) ]]> Größe \u202e\x00\r\n=1+1 \ud83d"
SETTING = {"moods": ", ".join(balanced_moods()), "seconds of a clip": "10", "MusicMed Desktop": "0.1.0"}
_DIMENSIONS = 8

# How far the music comes from neutral to its target, and by how much it misses that.
_MAKERS = (
    ("builtin", "", 0.60, 0.16),
    ("musicgen-small", "", 0.45, 0.30),
    ("musicgen-small+tender", "musicgen-small", 0.70, 0.22),
    ("musicgen-large", "", 0.60, 0.24),
    ("musicgen-large+tender-broad", "musicgen-large", 0.64, 0.24),
)


@cache
def evaluation(clips: int = 60) -> Evaluation:
    """The composer, two models, and each of them with an adapter; the smaller one's helps."""
    return concluded([heard(_condition(name, base), pull, spread, clips) for name, base, pull, spread in _MAKERS])


@cache
def single(clips: int = 12) -> Evaluation:
    """The built-in composer alone, without CLAP and without walks."""
    results = heard(Condition("builtin", Choice("builtin")), 0.8, 0.15, clips)
    plain = tuple(replace(clip, clap_score=None, clap_tags=(), embedding=None) for clip in results.clips)
    return concluded([replace(results, clips=plain, walks=())])


@cache
def hostile() -> Evaluation:
    """Everything that somebody may write tries to break out, and is much too long."""
    long = HOSTILE * 20
    base = heard(Condition(HOSTILE, Choice("musicgen", model=Path(HOSTILE.replace("\0", "")))), 0.5, 0.3, 24)
    tuned = heard(Condition(long, None, HOSTILE), 0.6, 0.3, 24)
    written = replace(base, clips=tuple(_written(clip) for clip in base.clips))
    metrics = tuple(Metric(m.key, f"{m.name} {HOSTILE}", HOSTILE, m.better, HOSTILE) for m in METRICS)
    return replace(concluded([base, tuned], {HOSTILE: long}), metrics=metrics, results=(written, tuned))


def concluded(results: Sequence[Results], setting: Mapping[str, str] = SETTING) -> Evaluation:
    """What can be said of them, with real scores."""
    named = {each.condition.name: each for each in results}
    reference = _embeddings(Random(0), 40, 0.0)
    return Evaluation(
        setting,
        METRICS,
        tuple(score(each, reference) for each in results),
        tuple(
            compare(named[each.condition.tuned_from], each, reference) for each in results if each.condition.tuned_from
        ),
        tuple(results),
    )


def heard(condition: Condition, pull: float, spread: float, clips: int, walks: int = 6) -> Results:
    """Music of that condition, with everything that there is to hear in it."""
    chance = Random(ascii(condition.name))
    asked = items(balanced_moods(), INSTRUMENTS, 1 + clips // 36)
    some = [asked[n * len(asked) // clips] for n in range(clips)]  # from the first to the last
    sounds = _embeddings(chance, clips, 1 - pull)
    found = tuple(_heard(item, pull, spread, chance, sound) for item, sound in zip(some, sounds, strict=True))
    walked = (
        Walk("anxious", "calm", n, chance.uniform(0.5, 0.98), chance.uniform(spread, 2 * spread), 0.4 + n / 10, 0.0)
        for n in range(walks)
    )
    return Results(condition, found, tuple(walked))


def _condition(name: str, base: str) -> Condition:
    model, _, adapter = name.partition("+")
    if model == "builtin":
        return Condition(name, Choice("builtin"))
    folder = Path("/somebody's/models")
    return Condition(
        name, Choice("musicgen", model=folder / model, adapter=folder / adapter if adapter else None), base
    )


def _heard(item: Item, pull: float, spread: float, chance: Random, sound: NDArray[np.float32]) -> Heard:
    target = item.target
    valence = target.valence * pull * 0.8 + chance.gauss(0, spread * 1.3)
    measured = Affect.clipped(valence, target.arousal * pull + chance.gauss(0, spread))
    tags = (item.prompt.moods[0] if chance.random() < pull else chance.choice(balanced_moods()),)
    return Heard(item, measured, 0.2 + 0.3 * pull + chance.gauss(0, 0.08), tags, sound)


def _embeddings(chance: Random, count: int, shift: float) -> NDArray[np.float32]:
    """(count, d), each of length 1."""
    drawn = [chance.gauss(shift, 1) for _ in range(count * _DIMENSIONS)]
    found = np.array(drawn, np.float32).reshape(count, _DIMENSIONS)
    lengths: NDArray[np.float32] = np.linalg.norm(found, axis=1, keepdims=True)
    return found / lengths


def _written(clip: Heard) -> Heard:
    prompt = replace(clip.item.prompt, text=HOSTILE, moods=(HOSTILE,), genre=HOSTILE)
    return replace(clip, item=replace(clip.item, key=HOSTILE, prompt=prompt), clap_tags=(HOSTILE,))
