"""The mood tags that an evaluation asks for, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import get_args

from musicmed_desktop.affect import Quadrant, mood, moods, nearest, quadrant
from musicmed_desktop.affect.spelling import did_you_mean, folded, listed, quoted
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.prompts import CHARACTERS

IN_A_QUADRANT = 3


@cache
def balanced_moods() -> tuple[str, ...]:
    """As many mood tags of each quadrant: the `IN_A_QUADRANT` farthest from neutral that say how music feels."""
    words = sorted(CHARACTERS, key=lambda word: (-mood(word).affect.intensity, word))
    return tuple(word for each in get_args(Quadrant) for word in _within(each, words)[:IN_A_QUADRANT])


def mood_tag(word: str) -> str:
    """The tag of MTG-Jamendo that is spelt like `word`, but for case, spaces and hyphens.

    Raises UserError where there is none: with the tags that are spelt alike, or that lie near the feeling it names.
    """
    tags = {folded(each.word): each.word for each in moods() if each.kind == "tag"}
    if folded(word) not in tags:
        raise UserError(f"{quoted(word)} is not a mood tag of MTG-Jamendo.", _guess(word, tags.values()))
    return tags[folded(word)]


def _within(wanted: Quadrant, words: Iterable[str]) -> list[str]:
    return [word for word in words if quadrant(mood(word).affect) == wanted]


def _guess(word: str, tags: Iterable[str]) -> str:
    feeling = next((each for each in moods() if folded(each.word) == folded(word)), None)
    if feeling:
        near = (each.word for each in nearest(feeling.affect, 3, "tag"))
        return f"Tags that lie near it are {listed(near)}."
    return did_you_mean(word, tags) or f"For example: {', '.join(balanced_moods())}."
