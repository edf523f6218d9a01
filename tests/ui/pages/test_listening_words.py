from __future__ import annotations

import pytest

from musicmed_desktop.affect import mood
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
