"""Which examples a step has, and with which captions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.training.captions import caption
from musicmed_desktop.training.codes.cache import CodeCache, Codes, Layout
from musicmed_desktop.training.dataset.track import Source, Track
from musicmed_desktop.training.examples import Example, Lessons, by_quadrant, examples, selected
from musicmed_desktop.training.recipe import Recipe

MOODS: dict[Quadrant, str] = {"excitement": "happy", "distress": "horror", "depression": "sad", "contentment": "calm"}
QUADRANTS = get_args(Quadrant)


def track(number: int, mood: str) -> Track:
    return Track(f"track_{number}", "a", "b", f"48/{number}.mp3", 60.0, (mood,), ("rock", "pop"), ("piano", "violin"))


def example(number: int, quadrant: Quadrant) -> Example:
    return Example(track(number, MOODS[quadrant]), 100.0, quadrant, torch.full((4, 3), number, dtype=torch.int16))


@pytest.fixture
def uneven() -> list[Example]:
    """Ten of one quadrant, two of each other one."""
    return [example(n, "excitement") for n in range(10)] + [
        example(100 + n, name) for name in QUADRANTS[1:] for n in range(2)
    ]


def numbers(lessons: Lessons, step: int) -> list[int]:
    return [int(lesson.codes[0, 0]) for lesson in lessons.of_step(step)]


def test_the_quadrants_are_learnt_equally_often(uneven: list[Example]) -> None:
    lessons = Lessons(uneven, Recipe(batch=8))
    quadrants = {int(each.codes[0, 0]): each.quadrant for each in uneven if each.quadrant == "excitement"}
    happy = sum(number in quadrants for step in range(10) for number in numbers(lessons, step))
    assert happy == 20


def test_a_step_is_the_same_whenever_it_is_asked_for(uneven: list[Example]) -> None:
    recipe = Recipe(batch=4, seed=5)
    first, later = Lessons(uneven, recipe), Lessons(uneven, recipe)
    later.of_step(70)
    for step in (3, 0, 17):
        one, other = first.of_step(step), later.of_step(step)
        assert [each.caption for each in one] == [each.caption for each in other]
        assert all(torch.equal(a.codes, b.codes) for a, b in zip(one, other, strict=True))
    assert numbers(first, 0) != numbers(Lessons(uneven, Recipe(batch=4, seed=6)), 0)


def test_captions_are_dropped_as_often_as_asked(uneven: list[Example]) -> None:
    lessons = Lessons(uneven, Recipe(batch=50, caption_dropout=0.2, tag_dropout=0.3))
    captions = [lesson.caption for step in range(40) for lesson in lessons.of_step(step)]
    assert captions.count(None) == pytest.approx(400, abs=72)  # four standard deviations
    assert len(Counter(captions)) > 50  # the same track is described in many ways
    whole = Lessons(uneven, Recipe(batch=50, caption_dropout=0.0)).of_step(0)
    assert all(lesson.caption for lesson in whole)


def test_codes_come_from_the_cache(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path, Layout("f" * 64, 1.0, 2, 5))
    sources = [Source(track(n, mood), tmp_path / "none") for n, mood in enumerate(MOODS.values())]
    codes = np.random.default_rng(0).integers(0, 2048, (2, 4, 5)).astype(np.uint16)
    cache.write("track_1", Codes(codes, (0.0, 1.0), 90.0))
    found = examples(sources, cache)
    assert [(each.track.id, each.quadrant, each.bpm) for each in found] == [("track_1", "distress", 90.0)] * 2
    assert all(np.array_equal(each.codes.numpy(), wanted) for each, wanted in zip(found, codes, strict=True))
    assert by_quadrant(found) == {"excitement": 0, "distress": 2, "depression": 0, "contentment": 0}


def test_validation_takes_as_many_of_each_quadrant(uneven: list[Example]) -> None:
    assert by_quadrant(selected(uneven, 8)) == dict.fromkeys(QUADRANTS, 2)
    assert by_quadrant(selected(uneven, 4)) == dict.fromkeys(QUADRANTS, 1)
    assert selected(uneven, 100) == tuple(uneven)
    assert selected([], 8) == ()
    first = [int(each.codes[0, 0]) for each in selected(uneven, 8) if each.quadrant == "excitement"]
    assert first == [0, 5]


def test_validation_has_whole_captions(uneven: list[Example]) -> None:
    assert caption(uneven[0].track, uneven[0].bpm) == "happy rock music with piano and violin, moderate tempo"
