from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from musicmed_desktop.affect import mood, quadrant
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.items import INSTRUMENTS, items
from musicmed_desktop.evaluation.moods import IN_A_QUADRANT, balanced_moods, mood_tag
from musicmed_desktop.evaluation.names import file_names
from musicmed_desktop.plan.drawing import free_genres
from musicmed_desktop.plan.palette import spoken
from musicmed_desktop.plan.prompts import CHARACTERS


def test_moods_are_balanced_over_the_circumplex() -> None:
    moods = balanced_moods()
    assert {*Counter(quadrant(mood(word).affect) for word in moods).values()} == {IN_A_QUADRANT}
    assert len({*moods}) == 4 * IN_A_QUADRANT
    assert {*moods} <= CHARACTERS


@pytest.mark.parametrize(("word", "tag"), [("calm", "calm"), ("Sad ", "sad"), ("up-beat", "upbeat")])
def test_a_mood_tag_is_found_however_it_is_spelt(word: str, tag: str) -> None:
    assert mood_tag(word) == tag


@pytest.mark.parametrize(
    ("word", "hint"),
    [("clam", "Did you mean calm"), ("furious", "Tags that lie near it are heavy, dark"), ("x", "happy")],
)
def test_a_word_that_is_no_tag_is_told_with_tags_like_it(word: str, hint: str) -> None:
    with pytest.raises(UserError, match="not a mood tag") as told:
        mood_tag(word)
    assert hint in told.value.hint


def test_there_is_an_item_for_each_mood_instrument_and_seed() -> None:
    made = items(("calm", "sad"), INSTRUMENTS, 2)
    wanted = {f"{m}-{i}-{n}" for m, i, n in product(("calm", "sad"), INSTRUMENTS, (1, 2))}
    assert {item.key for item in made} == wanted
    assert len({item.seed for item in made}) == len(made)
    for item in made:
        word, instrument, _ = item.key.split("-")
        assert item.target == mood(word).affect
        assert item.prompt.genre in free_genres()
        assert item.prompt.text == (
            f"{word} {spoken(item.prompt.genre)} music with {instrument}, {item.prompt.tempo} tempo"
        )


def test_an_item_does_not_depend_on_the_others() -> None:
    assert {*items(("sad",), ("piano",), 1)} <= {*items(("calm", "sad"), ("harp", "piano"), 3)}


def test_names_of_files_are_those_that_every_system_takes() -> None:
    wanted = ["48/948", "48 948", "Calm", "CALM", "con", "", "..", "x" * 300, "a+b_c.d"]
    named = file_names(wanted, taken=["calm"])
    assert named == ["48-948", "48-948-2", "Calm-2", "CALM-3", "_con", "unnamed", "unnamed-2", "x" * 80, "a+b_c.d"]
