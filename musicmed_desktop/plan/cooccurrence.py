"""Which genres and instruments go with which mood: counts from MTG-Jamendo (Bogdanov et al. 2019)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from musicmed_desktop.paths import resource

TagKind = Literal["genre", "instrument"]


@cache
def counts(kind: TagKind) -> Mapping[str, Mapping[str, int]]:
    """For each mood tag the number of tracks that carry it together with each genre or instrument tag."""
    lines = resource(f"cooccurrence_{kind}.tsv").read_text(encoding="utf-8").splitlines()
    header, _tracks, *rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {mood: {row[0]: int(row[column]) for row in rows} for column, mood in enumerate(header[1:], start=1)}


@cache
def tags(kind: TagKind) -> tuple[str, ...]:
    """All genre or instrument tags, in alphabetical order."""
    return tuple(next(iter(counts(kind).values())))


def distribution(kind: TagKind, moods: Iterable[str], among: Iterable[str]) -> dict[str, float]:
    """How likely each tag of `among` is, given the mood tags: the mean of p(tag | mood), adding up to 1.

    Every mood weighs the same, however many tracks carry it. Where the data know none of the tags together
    with the moods, all are equally likely.
    """
    chosen = tuple(among)
    total = dict.fromkeys(chosen, 0.0)
    for mood in moods:
        row = counts(kind)[mood]
        tracks = sum(row[tag] for tag in chosen)
        for tag in chosen:
            total[tag] += row[tag] / tracks if tracks else 0.0
    mass = sum(total.values())
    return {tag: (share / mass if mass else 1.0 / len(chosen)) for tag, share in total.items()}
