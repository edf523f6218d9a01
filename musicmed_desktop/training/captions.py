"""Captions: what a track's tags say, in the words of the planner's prompts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from random import Random

from musicmed_desktop.affect import Affect, mood, moods
from musicmed_desktop.affect.moods import rescaled
from musicmed_desktop.plan.prompts import CHARACTERS, prompt
from musicmed_desktop.training.dataset.track import Track

MOODS, GENRES, INSTRUMENTS = 2, 1, 3  # at most so many in a caption, as in the planner's prompts

# Beats per minute below which each of the planner's words for a tempo holds: the bounds as metronomes print them of
# largo (40 to 60), larghetto and adagio (to 76), andante and moderato (to 120), allegro (to 168), presto.
_BEATS = ((60.0, "very slow"), (76.0, "slow"), (120.0, "moderate"), (168.0, "lively"), (math.inf, "fast"))
_TEMPO_TAGS = ("slow", "fast")


@cache
def _places() -> dict[str, Affect]:
    """Of the dataset's 59 tags: 56 are in the vocabulary of moods, the others have norms (Warriner, Kuperman,
    Brysbaert 2013), ambiental that of "ambient"."""
    others = {"ambiental": rescaled(6.33, 3.20), "horror": rescaled(3.38, 6.13), "mellow": mood("mellow").affect}
    return others | {tag.word: tag.affect for tag in moods() if tag.kind == "tag"}


def affect_of(moods: Sequence[str]) -> Affect | None:
    """Where music with these mood tags lies: the mean of their places; None where none of them has one."""
    found = [_places()[word] for word in moods if word in _places()]
    if not found:
        return None
    return Affect.clipped(
        sum(place.valence for place in found) / len(found), sum(place.arousal for place in found) / len(found)
    )


def tempo_word(track: Track, bpm: float | None) -> str:
    """The planner's word for the track's tempo, "" where it is not known.

    The tags "slow" and "fast" come from people, and win over the beats per minute that a program counted.
    """
    tagged = [word for word in _TEMPO_TAGS if word in track.moods]
    if len(tagged) == 1:
        return tagged[0]
    return "" if bpm is None else next(word for ceiling, word in _BEATS if bpm < ceiling)


def caption(track: Track, bpm: float | None, rng: Random | None = None, tag_dropout: float = 0.0) -> str:
    """What a listener would ask for to hear this track, in the template of `plan.prompts.prompt`.

    It has at most two moods, a genre and three instruments. `rng` draws which of them, and leaves out each word, that
    for the tempo too, with the probability `tag_dropout`; one mood stays where nothing else would. Without `rng` they
    are the track's first ones, and nothing is left out. `bpm` is as in `tempo_word`.
    """
    moods = _characters_first(_in_turn(track.moods, rng))[:MOODS]
    genres, instruments = _in_turn(track.genres, rng)[:GENRES], _in_turn(track.instruments, rng)[:INSTRUMENTS]
    tempo = tempo_word(track, bpm)
    if rng is not None:
        kept = _thinned(moods, rng, tag_dropout)
        genres, instruments = _thinned(genres, rng, tag_dropout), _thinned(instruments, rng, tag_dropout)
        tempo = "".join(_thinned([tempo], rng, tag_dropout))
        moods = kept if kept or genres or instruments else moods[:1]
    return prompt(moods, "".join(genres), instruments, tempo).text


def _in_turn(tags: Sequence[str], rng: Random | None) -> list[str]:
    """The tags in the index's order, or in one that is drawn."""
    return list(tags) if rng is None else rng.sample(tags, len(tags))


def _characters_first(moods: Sequence[str]) -> list[str]:
    """How the music feels comes before what it is for; the tempo has a word of its own."""
    others = [word for word in moods if word not in _TEMPO_TAGS] or moods
    return sorted(others, key=lambda word: word not in CHARACTERS)


def _thinned(tags: Sequence[str], rng: Random, dropout: float) -> list[str]:
    return [tag for tag in tags if rng.random() >= dropout]
