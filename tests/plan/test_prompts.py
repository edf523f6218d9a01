from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, mood, moods
from musicmed_desktop.plan import Palette
from musicmed_desktop.plan.prompts import CHARACTERS, mood_tags, prompt, tempo_word, write_prompts

points = st.builds(Affect, st.floats(-1, 1), st.floats(-1, 1))
WALK = [mood("angry").affect.towards(mood("calm").affect, i / 5) for i in range(6)]


def test_the_template_reads_as_a_sentence_part() -> None:
    assert (
        prompt(("calm", "relaxing"), "ambient", ("piano", "strings"), "slow").text
        == "calm, relaxing ambient music with piano and strings, slow tempo"
    )
    assert (
        prompt(("dream",), "newage", ("acousticguitar", "harp", "pad"), "very slow").text
        == "dreamy new age music with acoustic guitar, harp and synth pad, very slow tempo"
    )


def test_the_template_leaves_out_what_is_not_known() -> None:
    assert prompt(("happy",), "", ()).text == "happy music"
    assert prompt((), "jazz", ("piano",)).text == "jazz music with piano"
    assert prompt((), "", (), "fast").text == "music, fast tempo"


def test_a_prompt_keeps_the_tags_beside_the_words() -> None:
    made = prompt(["dream"], "newage", ["acousticguitar"], "slow")
    assert (made.moods, made.genre, made.instruments, made.tempo) == (
        ("dream",),
        "newage",
        ("acousticguitar",),
        "slow",
    )


@given(points)
def test_mood_tags_are_the_nearest_two_that_say_how_music_feels(target: Affect) -> None:
    found = mood_tags(target)
    others = CHARACTERS - {*found}
    assert len(found) == 2
    assert {*found} <= CHARACTERS
    reach = mood(found[1]).affect.distance(target)
    assert all(mood(word).affect.distance(target) >= reach for word in others)


def test_characters_are_tags_of_the_data() -> None:
    assert {m.word for m in moods() if m.kind == "tag"} >= CHARACTERS
    assert not CHARACTERS & {"advertising", "christmas", "slow", "fast", "space"}


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=2).map(sorted))
def test_tempo_rises_with_arousal(arousals: list[float]) -> None:
    order = ["very slow", "slow", "moderate", "lively", "fast"]
    low, high = (order.index(tempo_word(arousal)) for arousal in arousals)
    assert low <= high


def test_tempo_words_span_the_axis() -> None:
    assert [tempo_word(a) for a in (-1, -0.4, 0, 0.4, 1)] == ["very slow", "slow", "moderate", "lively", "fast"]


@pytest.mark.parametrize("seed", range(5))
def test_the_listeners_palette_is_always_used(seed: int) -> None:
    palette = Palette(instruments=("cello", "voice"), genres=("jazz",))
    for made in write_prompts(WALK, palette, Random(seed)):
        assert made.instruments == ("cello", "voice")
        assert made.genre == "jazz"
        assert "jazz music with cello and voice" in made.text


def test_a_walk_has_a_prompt_for_each_plateau_after_its_mood() -> None:
    made = write_prompts(WALK, Palette(), Random(3))
    assert [each.moods for each in made] == [mood_tags(target) for target in WALK]
    assert [each.tempo for each in made] == [tempo_word(target.arousal) for target in WALK]
    assert len({each.genre for each in made}) == 1
