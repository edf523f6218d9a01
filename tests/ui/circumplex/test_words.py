from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.ui.circumplex import WalkStep, walk_of_plan
from musicmed_desktop.ui.circumplex.words import describe, why, words_near
from tests.fakes.recordings import walk

STEP = WalkStep(
    index=5,
    start_s=150.0,
    duration_s=30.0,
    target=Affect(-0.5, 0.6),
    mood="worried",
    phase="match",
    prompt="slow ambient music with piano and strings",
    genre="ambient",
    instruments=("piano", "strings"),
    tempo="slow",
)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("worried", "worried: quite unpleasant, quite stirred up"),
        ("excited", "excited: very pleasant, very lively"),
        ("neutral", "neutral: neither pleasant nor unpleasant, neither lively nor calm"),
        ("tired", "tired: a little unpleasant, a little slowed down"),
        ("calm", "calm: quite pleasant, very calm"),
    ],
)
def test_a_feeling_in_words(word: str, said: str) -> None:
    assert describe(mood(word).affect) == said


def test_the_nearest_words_are_feelings() -> None:
    assert words_near(mood("worried").affect) == ("worried", *words_near(mood("worried").affect)[1:])
    assert len(words_near(Affect(0, 0), 5)) == 5
    assert "dramatic" not in words_near(mood("dramatic").affect, 10)  # music is, people are not


def test_why_before_the_clip_is_made() -> None:
    said = "From 2:30 to 3:00 the music meets a worried mood. Asked for: slow piano and strings, ambient."
    assert why(STEP) == said


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (Affect(-0.45, 0.55), "It came out as planned."),
        (Affect(-0.5, 0.3), "It came out a little calmer than planned."),
        (Affect(0.1, 0.6), "It came out much brighter than planned."),
        (Affect(-0.95, 0.9), "It came out a little livelier and much darker than planned."),
    ],
)
def test_why_tells_how_it_came_out(measured: Affect, said: str) -> None:
    assert why(replace(STEP, measured=measured)).endswith(said)


def test_why_of_other_moments() -> None:
    on_its_way = replace(STEP, phase="transition", mood="anxious", tempo="moderate", instruments=(), genre="")
    assert "passes through an anxious mood on its way. Asked for: unhurried music." in why(on_its_way)
    assert "stays with a mood at ease." in why(replace(STEP, phase="settle", mood="at ease"))
    assert "acoustic guitar" in why(replace(STEP, instruments=("acousticguitar",)))


@given(st.sampled_from(["sad", "anxious", "angry", "numb", "happy"]), st.sampled_from(["calm", "lively", "focused"]))
def test_no_figure_but_the_time_and_no_loose_end(start: str, target: str) -> None:
    for step in walk_of_plan(walk(start, target, minutes=5.0)).steps:
        assert re.fullmatch(r"From \d+:\d\d to \d+:\d\d the music [a-z ,]+\. Asked for: [a-z0-9 ,&-]+\.", why(step))
