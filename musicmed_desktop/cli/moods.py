"""`musicmed moods`: the words for moods, and where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.table import print_json, print_table, signed

if TYPE_CHECKING:
    from musicmed_desktop.affect import Mood


@click.command()
@click.argument("word", required=False)
@click.option("--near", metavar="MOOD|V,A", help="Sort by distance from this mood or point.")
@click.option("--count", type=click.IntRange(min=1), help="Show only the first so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def moods(word: str | None, near: str | None, count: int | None, as_json: bool) -> None:
    """List the words for moods.

    WORD shows only those that contain it. Each mood has two numbers between -1 and 1: valence (unpleasant to
    pleasant) and arousal (calm to activated).
    """
    found = _matching(word, near)[:count]
    if as_json:
        print_json([_document(mood) for mood in found])
    else:
        print_table(("mood", "valence", "arousal", "quarter", "source"), map(_row, found))


def _matching(word: str | None, near: str | None) -> list[Mood]:
    from musicmed_desktop.affect import mood, moods, nearest
    from musicmed_desktop.cli.options import affect_named

    everything = nearest(affect_named(near), count=len(moods())) if near else moods()
    found = [each for each in everything if not word or word.casefold() in each.word.casefold()]
    # A word that fits none is a misspelt mood: the look-up knows the nearest ones.
    return found or [mood(word or "")]


def _row(mood: Mood) -> tuple[str, ...]:
    from musicmed_desktop.affect import quadrant

    return (
        mood.word,
        signed(mood.affect.valence),
        signed(mood.affect.arousal),
        quadrant(mood.affect),
        mood.source,
    )


def _document(mood: Mood) -> dict[str, object]:
    from musicmed_desktop.affect import quadrant

    return {
        "mood": mood.word,
        "valence": mood.affect.valence,
        "arousal": mood.affect.arousal,
        "quadrant": quadrant(mood.affect),
        "kind": mood.kind,
        "source": mood.source,
    }
