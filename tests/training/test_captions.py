"""Captions say of a track what the planner's prompts would ask for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.affect.moods import rescaled
from musicmed_desktop.plan.prompts import CHARACTERS, TEMPI, prompt
from musicmed_desktop.training.captions import affect_of, caption, tempo_word
from musicmed_desktop.training.dataset.index import TAGS
from musicmed_desktop.training.dataset.track import Track

TRACK = Track("track_0000948", "artist_000087", "album_000149", "48/948.mp3", 212.7, ("calm",))
RICH = replace(
    TRACK,
    moods=("film", "calm", "slow", "relaxing", "space", "soft"),
    genres=("ambient", "newage", "easylistening"),
    instruments=("piano", "strings", "acousticguitar", "flute", "harp"),
)


def test_music_lies_where_its_moods_lie_on_average() -> None:
    calm, happy = mood("calm").affect, mood("happy").affect
    assert affect_of(["calm"]) == calm
    between = affect_of(["calm", "happy"])
    assert between is not None
    assert between.valence == pytest.approx((calm.valence + happy.valence) / 2)
    assert between.arousal == pytest.approx((calm.arousal + happy.arousal) / 2)


def test_every_tag_of_the_dataset_has_a_place() -> None:
    assert all(affect_of([tag]) is not None for tag in TAGS)
    assert affect_of(["mellow"]) == mood("mellow").affect
    assert affect_of(["horror"]) == rescaled(3.38, 6.13)
    ambient = affect_of(["ambiental"])
    assert ambient is not None
    assert ambient.distance(mood("soundscape").affect) < 0.01  # it has the same norm in the vocabulary


def test_other_words_are_left_out() -> None:
    assert affect_of([]) is None
    assert affect_of(["anxious"]) is None  # a feeling, and no tag of the dataset
    assert affect_of(["calm", "purple"]) == mood("calm").affect
    assert isinstance(affect_of(TAGS), Affect)


@pytest.mark.parametrize(
    ("bpm", "word"),
    [
        *((40.0, "very slow"), (59.9, "very slow"), (60.0, "slow"), (75.0, "slow"), (76.0, "moderate")),
        *((119.0, "moderate"), (120.0, "lively"), (167.0, "lively"), (168.0, "fast"), (240.0, "fast"), (None, "")),
    ],
)
def test_beats_have_the_planners_words(bpm: float | None, word: str) -> None:
    assert tempo_word(TRACK, bpm) == word
    assert word in {name for _, name in TEMPI} | {""}


def test_people_know_the_tempo_better_than_programs() -> None:
    assert tempo_word(replace(TRACK, moods=("calm", "slow")), 150.0) == "slow"
    assert tempo_word(replace(TRACK, moods=("fast",)), None) == "fast"
    assert tempo_word(replace(TRACK, moods=("slow", "fast")), 100.0) == "moderate"  # they contradict each other
    assert tempo_word(replace(TRACK, moods=("slow", "fast")), None) == ""


def test_a_complete_caption_is_the_planners_prompt() -> None:
    expected = prompt(("calm", "relaxing"), "ambient", ("piano", "strings", "acousticguitar"), "slow").text
    assert caption(RICH, 132.0) == expected
    assert expected == "calm, relaxing ambient music with piano, strings and acoustic guitar, slow tempo"


def test_what_is_not_known_is_not_said() -> None:
    assert caption(TRACK, None) == "calm music"
    assert caption(replace(TRACK, instruments=("piano",)), 80.0) == "calm music with piano, moderate tempo"
    assert caption(replace(TRACK, moods=("film", "space", "nature")), None) == "film, space music"


def test_the_tempo_is_no_mood_where_there_are_others() -> None:
    assert caption(replace(TRACK, moods=("slow", "film")), None) == "film music, slow tempo"
    assert caption(replace(TRACK, moods=("slow",)), None) == "slow music, slow tempo"


def test_chance_draws_among_all_that_fits() -> None:
    rng = Random(3)
    drawn = Counter(caption(RICH, None, rng) for _ in range(600))
    firsts = Counter(text.split(",")[0] for text in drawn.elements())
    assert set(firsts) == {"calm", "relaxing", "soft"}  # those that say how the music feels
    assert max(firsts.values()) < 260
    for words in (("ambient", "new age", "easy listening"), ("piano", "strings", "acoustic guitar", "flute", "harp")):
        assert all(sum(count for text, count in drawn.items() if word in text) > 150 for word in words)
    assert all(text.count(" and ") == 1 and text.endswith(", slow tempo") for text in drawn)


def test_chance_is_the_same_for_the_same_seed() -> None:
    one, other = ([caption(RICH, 90.0, Random(n), 0.3) for n in range(40)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 20


def test_words_are_left_out_as_often_as_is_said() -> None:
    rng = Random(5)
    track = replace(TRACK, genres=("ambient",), instruments=("piano",))
    texts = [caption(track, 90.0, rng, tag_dropout=0.25) for _ in range(2000)]
    for word in ("ambient", "piano", "moderate tempo"):
        assert sum(word in text for text in texts) / len(texts) == pytest.approx(0.75, abs=0.04)
    calm = 0.75 + 0.25**3  # it stays where nothing else would
    assert sum("calm" in text for text in texts) / len(texts) == pytest.approx(calm, abs=0.04)


def test_a_mood_stays_where_nothing_else_would() -> None:
    rng = Random(0)
    texts = {caption(RICH, None, rng, tag_dropout=1.0) for _ in range(60)}
    assert texts == {"calm music", "relaxing music", "soft music"}


def test_without_chance_nothing_is_left_out() -> None:
    assert caption(RICH, 90.0, None, tag_dropout=1.0) == caption(RICH, 90.0)


def test_each_caption_has_moods_that_the_planner_uses_where_it_can() -> None:
    rng = Random(1)
    for tag in sorted(CHARACTERS):
        assert caption(replace(TRACK, moods=("movie", tag, "game")), None, rng).startswith(
            prompt((tag,), "", ()).text.removesuffix(" music")
        )
