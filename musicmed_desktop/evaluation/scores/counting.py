"""From what was heard to the arrays that the scores are computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.evaluation.scores.material import Material
from musicmed_desktop.evaluation.scores.places import place_scores
from musicmed_desktop.evaluation.scores.quadrants import labels, quadrant_scores
from musicmed_desktop.evaluation.scores.tags import flags, nearest_tags, tag_scores
from musicmed_desktop.evaluation.scores.tally import Floats, Tally, known, mean
from musicmed_desktop.evaluation.values import Heard, Walk

_WITH_CLAP = ("clap_tags_f1", "clap_tags_jaccard")  # of its tags these two are told


def tallies(material: Material) -> dict[str, Tally]:
    """All scores by the keys of their metrics, save the Frechet audio distance; those that have no data are missing."""
    return {
        **known({"clap": mean(np.array([clip.clap_score for clip in material.by_clap], np.float64))}),
        **_places(material.clips),
        **_tags(material.clips, "tags", lambda clip: nearest_tags(clip.measured, clip.item.prompt.moods)),
        **{
            key: tally
            for key, tally in _tags(material.by_clap, "clap_tags", lambda clip: clip.clap_tags).items()
            if key in _WITH_CLAP
        },
        **_quadrants(material.clips),
        **_walks(material.walks),
    }


def _places(clips: Sequence[Heard]) -> dict[str, Tally]:
    return place_scores(_points(clip.item.target for clip in clips), _points(clip.measured for clip in clips))


def _points(places: Iterable[Affect]) -> Floats:
    """(n, 2)."""
    return np.array([(place.valence, place.arousal) for place in places], np.float64).reshape(-1, 2)


def _tags(clips: Sequence[Heard], name: str, heard: Callable[[Heard], Sequence[str]]) -> dict[str, Tally]:
    """Over the clips for which mood tags are intended."""
    told = [clip for clip in clips if clip.item.prompt.moods]
    scores = tag_scores(*flags([clip.item.prompt.moods for clip in told], [heard(clip) for clip in told]))
    return {f"{name}_{key}": tally for key, tally in scores.items()}


def _quadrants(clips: Sequence[Heard]) -> dict[str, Tally]:
    intended = labels(clip.item.target for clip in clips)
    scores = quadrant_scores(intended, labels(clip.measured for clip in clips))
    return {f"quadrant_{key}": tally for key, tally in scores.items()}


def _walks(walks: Sequence[Walk]) -> dict[str, Tally]:
    columns = {
        "advance": [walk.advance for walk in walks],
        "walk_miss": [walk.miss for walk in walks],
        "join_jump": [walk.join_jump_lu for walk in walks],
        "clicks": [walk.clicks for walk in walks],
    }
    return known({key: mean(np.array(values, np.float64)) for key, values in columns.items()})
