"""The palette mirrors the emotion's distribution in the data: shown by counting many draws."""

from collections import Counter
from collections.abc import Callable
from itertools import groupby, pairwise
from random import Random

import pytest
from scipy.stats import chisquare

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.plan.cooccurrence import distribution
from musicmed_desktop.plan.drawing import (
    ELECTRIC,
    FAMILIES,
    UNPLUGGED,
    UNSUITABLE,
    asked_instruments,
    common_ground,
    drawn_instruments,
    free_genres,
    free_instruments,
    session_genres,
)
from musicmed_desktop.plan.prompts import mood_tags

CALM = ("calm", "meditative")
HAPPY = ("happy", "fun")
DRAWS = 3000


def p_value(draw: Callable[[Random], str], expected: dict[str, float]) -> float:
    """How likely counts of `draw` this far from `expected` are by chance; rare tags are counted as one."""
    drawn = Counter(draw(Random(seed)) for seed in range(DRAWS))
    common = [tag for tag, share in expected.items() if share * DRAWS >= 5]
    rest = [tag for tag in expected if tag not in common]
    observed = [drawn[tag] for tag in common] + [sum(drawn[tag] for tag in rest)]
    wanted = [expected[tag] * DRAWS for tag in common] + [sum(expected[tag] for tag in rest) * DRAWS]
    return float(chisquare(observed, wanted).pvalue)


@pytest.mark.parametrize("moods", [CALM, HAPPY, ("sad", "melancholic")])
def test_genres_are_drawn_as_the_data_have_them(moods: tuple[str, ...]) -> None:
    expected = distribution("genre", moods, free_genres())
    assert p_value(lambda rng: session_genres([moods] * 6, (), rng)[0], expected) > 0.01


@pytest.mark.parametrize("genre", ["ambient", "classical"])
def test_instruments_are_drawn_as_the_data_have_them(genre: str) -> None:
    expected = distribution("instrument", CALM, free_instruments(genre))
    assert p_value(lambda rng: drawn_instruments(CALM, genre, (), rng)[0], expected) > 0.01


def test_the_draw_follows_the_mood_and_not_another_one() -> None:
    expected = distribution("genre", HAPPY, free_genres())
    assert p_value(lambda rng: session_genres([CALM], (), rng)[0], expected) < 1e-9


def test_common_ground_is_at_home_in_every_plateau() -> None:
    ground = common_ground([("heavy", "dramatic"), CALM])
    assert ground["soundtrack"] > ground["metal"]
    assert ground["ambient"] > ground["rock"]
    alike = common_ground([CALM, CALM])
    assert alike == pytest.approx(distribution("genre", CALM, free_genres()))


def test_a_session_is_in_one_genre_unless_several_were_asked_for() -> None:
    moods = [mood_tags(Affect(-0.8 + 0.3 * i, 0.4)) for i in range(6)]
    for seed in range(20):
        assert len(set(session_genres(moods, (), Random(seed)))) == 1
    assert session_genres(moods, ("jazz",), Random(1)) == ["jazz"] * 6


@pytest.mark.parametrize("plateaus", [2, 3, 6, 14])
def test_several_genres_take_turns_each_in_one_piece(plateaus: int) -> None:
    asked = ("jazz", "ambient", "folk")
    for seed in range(20):
        genres = session_genres([CALM] * plateaus, asked, Random(seed))
        turns = [genre for genre, _ in groupby(genres)]
        assert len(genres) == plateaus
        assert len(turns) == len(set(turns)) == min(3, plateaus)
        assert set(turns) <= set(asked)


def test_free_draws_leave_out_what_suits_no_session() -> None:
    assert "voice" not in free_instruments("ambient")
    assert not UNSUITABLE & {*free_genres(), *free_instruments("ambient")}
    assert not ELECTRIC & {*free_instruments("classical")}
    assert {*free_instruments("ambient")} >= ELECTRIC
    assert {*free_genres()} >= UNPLUGGED


@pytest.mark.parametrize("words", [("calm", "happy"), ("angry", "calm"), ("sad", "energetic")])
def test_neighbours_share_instruments_and_none_stands_for_another(words: tuple[str, str]) -> None:
    ends = [mood(word).affect for word in words]
    walk = [mood_tags(ends[0].towards(ends[1], i / 5)) for i in range(6)]
    for seed in range(50):
        rng = Random(seed)
        palettes: list[tuple[str, ...]] = []
        for moods in walk:
            palettes.append(drawn_instruments(moods, "soundtrack", palettes[-1] if palettes else (), rng))
        assert all(2 <= len(palette) == len(set(palette)) <= 4 for palette in palettes)
        assert all({*here} & {*there} for here, there in pairwise(palettes))
        assert all(len(family & {*palette}) <= 1 for family in FAMILIES for palette in palettes)


def test_what_was_asked_for_is_always_used() -> None:
    few = ("piano", "cello")
    assert {asked_instruments(few, plateau) for plateau in range(6)} == {few}
    for count in range(5, 13):
        many = [f"instrument {i}" for i in range(count)]
        turns = [asked_instruments(many, plateau) for plateau in range(6)]
        assert {tag for turn in turns for tag in turn} == {*many}
        assert all(len({*turn}) == 4 for turn in turns)
        assert all({*here} & {*there} for here, there in pairwise(turns))
