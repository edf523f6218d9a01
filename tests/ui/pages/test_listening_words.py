from __future__ import annotations

from typing import get_args

import pytest

from musicmed_desktop.affect import mood
from musicmed_desktop.audio.player import PlayerState
from musicmed_desktop.ui.pages.listening import words


def test_time_left_never_goes_below_nothing() -> None:
    assert words.left_words(140.0, 900.0) == "12:40 left"
    assert words.left_words(901.0, 900.0) == "0:00 left"
    assert words.played_words(901.0, 900.0) == "15:00 of 15:00 played."


@pytest.mark.parametrize(
    ("complete", "ahead_s", "said"),
    [
        (False, 80.0, "Composing part 7 of 30. The next 1:20 is ready."),
        (False, 0.2, "Composing part 7 of 30."),
        (True, 80.0, "All of the music is ready."),
    ],
)
def test_making_is_told_in_plain_words(complete: bool, ahead_s: float, said: str) -> None:
    assert words.making_words(7, 30, complete, ahead_s) == said


def test_a_journey_that_stays_is_called_so() -> None:
    assert words.journey(mood("worried").affect, mood("calm").affect) == "From worried to calm"
    assert words.journey(mood("calm").affect, mood("calm").affect) == "Staying calm"


def test_every_state_of_a_player_has_words() -> None:
    assert all(words.state_words(state) for state in (*get_args(PlayerState), "preparing"))


def test_levels_grow_louder_in_words() -> None:
    said = [words.level_words(level) for level in (-120.0, -40.0, -30.0, -20.0, -6.0, 3.0)]
    assert said == ["silent", "very soft", "soft", "medium", "full", "full"]
