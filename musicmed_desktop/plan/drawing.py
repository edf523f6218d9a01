"""Genres and instruments drawn so that they mirror what MTG-Jamendo has for a plateau's mood.

They come from p(tag | mood), the data's own shares, over the mood tags of the plateau. A session is one
piece: one genre, and neighbours that share instruments. What the listener asked for goes before the data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random

from musicmed_desktop.plan.cooccurrence import distribution, tags

# Never drawn freely, only on request: nobody sings here, and the rest names no sound or style of its own.
UNSUITABLE = frozenset(
    (
        *("voice", "choir", "rap", "singersongwriter", "chanson"),
        *("computer", "sampler", "beat"),
        *("60s", "70s", "80s", "90s", "club", "contemporary", "groove", "hard", "improvisation"),
    )
)
# The counts do not say which instruments go with which genre; nothing electric is drawn for these genres.
UNPLUGGED = frozenset(("classical", "orchestral", "symphonic", "medieval", "celtic"))
ELECTRIC = frozenset(
    (
        *("bass", "drummachine", "drums", "electricguitar", "electricpiano"),
        *("keyboard", "pad", "rhodes", "synthesizer"),
    )
)
# Of such near relations one is enough.
FAMILIES = (
    {"guitar", "acousticguitar", "classicalguitar", "electricguitar"},
    {"bass", "acousticbassguitar", "doublebass"},
    {"electricpiano", "keyboard", "rhodes"},
    {"drums", "drummachine", "percussion", "bongo"},
    {"strings", "orchestra"},
    {"brass", "horn", "trombone", "trumpet"},
    {"organ", "pipeorgan"},
    {"pad", "synthesizer"},
)
FEWEST, MOST = 2, 4  # instruments of one prompt

Moods = Sequence[str]  # the mood tags of one plateau


def free_genres() -> tuple[str, ...]:
    """The genres that may be drawn without having been asked for."""
    return tuple(tag for tag in tags("genre") if tag not in UNSUITABLE)


def free_instruments(genre: str) -> tuple[str, ...]:
    """The instruments that may be drawn for a genre without having been asked for."""
    without = UNSUITABLE | ELECTRIC if genre in UNPLUGGED else UNSUITABLE
    return tuple(tag for tag in tags("instrument") if tag not in without)


def session_genres(plateaus: Sequence[Moods], asked: Sequence[str], rng: Random) -> list[str]:
    """A genre for each plateau: one for the whole session, unless several were asked for.

    Several take turns, each once and for plateaus in a row, drawn by what suits the plateau that they begin.
    """
    if len(asked) < 2:
        genre = asked[0] if asked else _pick(common_ground(plateaus), rng)
        return [genre] * len(plateaus)
    left, genres = list(asked), list[str]()
    turns = min(len(asked), len(plateaus))
    for number, moods in enumerate(plateaus):
        if number == 0 or number * turns // len(plateaus) > (number - 1) * turns // len(plateaus):
            genre = _pick(distribution("genre", moods, left), rng)
            left.remove(genre)
        genres.append(genre)
    return genres


def common_ground(plateaus: Sequence[Moods]) -> dict[str, float]:
    """Weights of genres at home in every plateau: the geometric mean of their shares in the plateaus.

    So a session from anger to calm is not "calm metal". Where all plateaus have the same moods the weights
    are the data's own shares.
    """
    shares = [distribution("genre", moods, free_genres()) for moods in plateaus]
    return {genre: math.prod(share[genre] for share in shares) ** (1 / len(shares)) for genre in free_genres()}


def asked_instruments(asked: Sequence[str], plateau: int) -> tuple[str, ...]:
    """What the listener asked for; more than `MOST` take turns; neighbours share one."""
    if len(asked) <= MOST:
        return tuple(asked)
    first = plateau * (MOST - 1)
    return tuple(asked[(first + i) % len(asked)] for i in range(MOST))


def drawn_instruments(moods: Moods, genre: str, previous: Sequence[str], rng: Random) -> tuple[str, ...]:
    """2 to 4 instruments after the data's shares; half of them go on from the previous plateau."""
    count = rng.randint(FEWEST, MOST)
    kept = _sample(distribution("instrument", moods, previous), count // 2, rng) if previous else []
    weights = distribution("instrument", moods, free_instruments(genre))
    return tuple(kept + _sample(_unrelated(weights, kept), count - len(kept), rng))


def _sample(weights: Mapping[str, float], count: int, rng: Random) -> list[str]:
    """Up to `count` tags, no two of them of one family; the first is distributed as `weights`."""
    chosen: list[str] = []
    while len(chosen) < count and any((left := _unrelated(weights, chosen)).values()):
        chosen.append(_pick(left, rng))
    return chosen


def _unrelated(weights: Mapping[str, float], chosen: Sequence[str]) -> dict[str, float]:
    relatives = {*chosen}.union(*(family for family in FAMILIES if family & {*chosen}))
    return {tag: weight for tag, weight in weights.items() if tag not in relatives}


def _pick(weights: Mapping[str, float], rng: Random) -> str:
    return rng.choices([*weights], [*weights.values()])[0]
