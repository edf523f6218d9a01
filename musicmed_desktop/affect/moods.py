"""The vocabulary of moods: words with their places on the circumplex, from resources/moods.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from musicmed_desktop.affect.point import Affect
from musicmed_desktop.affect.spelling import did_you_mean, folded, quoted
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import resource

Kind = Literal["tag", "feeling"]
Quadrant = Literal["excitement", "distress", "depression", "contentment"]

# Norms of words crowd into the middle of the arousal scale and lean to the pleasant side. Each axis is moved
# and stretched linearly, which keeps the order of the words: the 5th and 95th percentiles of the norms in
# the table come to lie at about -0.85 and 0.85. Then it is cut at -1 and 1.
VALENCE_CENTRE, VALENCE_SCALE = 5.3, 3.3
AROUSAL_CENTRE, AROUSAL_SCALE = 4.4, 2.3


@dataclass(frozen=True)
class Mood:
    """A mood word and its place.

    `kind` is "tag" for the 56 mood/theme tags of MTG-Jamendo (Bogdanov et al. 2019) and "feeling" for other
    words; `felt` says whether people say the word of themselves, as of every feeling and a few tags ("calm").
    `source` is "warriner2013:" and the word of the norm, or "hand".
    """

    word: str
    affect: Affect
    kind: Kind
    source: str
    felt: bool


@cache
def moods() -> tuple[Mood, ...]:
    """All moods, in alphabetical order."""
    lines = resource("moods.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple(_mood(dict(zip(rows[0], row, strict=False))) for row in rows[1:])


def _mood(row: dict[str, str]) -> Mood:
    kind = next(kind for kind in get_args(Kind) if kind == row["kind"])
    affect = Affect(float(row["valence"]), float(row["arousal"]))
    return Mood(row["word"], affect, kind, row["source"], row["felt"] == "yes")


def rescaled(norm_valence: float, norm_arousal: float) -> Affect:
    """Where a word lies whose mean norms, 1 to 9, are given (Warriner, Kuperman, Brysbaert 2013)."""
    return Affect.clipped(
        (norm_valence - VALENCE_CENTRE) / VALENCE_SCALE, (norm_arousal - AROUSAL_CENTRE) / AROUSAL_SCALE
    )


@cache
def _by_spelling() -> dict[str, Mood]:
    return {folded(mood.word): mood for mood in moods()}


def mood(word: str) -> Mood:
    """The mood of that name, whatever its case, spaces and hyphens; UserError names the nearest ones."""
    known = _by_spelling().get(folded(word))
    if known is None:
        guess = did_you_mean(word, (mood.word for mood in moods()))
        raise UserError(f"{quoted(word)} is not a mood that I know.", f"{guess} musicmed moods lists them all.".strip())
    return known


def nearest(affect: Affect, count: int = 3, kind: Kind | None = None) -> tuple[Mood, ...]:
    """The `count` moods nearest to `affect`, the nearest first.

    `kind` "tag" asks for the tags alone, "feeling" for words that people say of themselves, tags among them.
    """
    wanted = (m for m in moods() if kind is None or m.kind == kind or (kind == "feeling" and m.felt))
    return tuple(sorted(wanted, key=lambda mood: mood.affect.distance(affect))[:count])


def quadrant(affect: Affect) -> Quadrant:
    """The quarter of the circumplex, under Russell's (1980) names; the axes belong to the greater side."""
    if affect.arousal >= 0:
        return "excitement" if affect.valence >= 0 else "distress"
    return "contentment" if affect.valence >= 0 else "depression"
