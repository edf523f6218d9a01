"""Every quadrant is heard as often as the others."""

from __future__ import annotations

from collections import Counter

import pytest

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.training.balance import Balanced

# As uneven as the dataset is: much joy, little sadness.
COUNTS: dict[Quadrant, int] = {"excitement": 41, "contentment": 30, "distress": 7, "depression": 4}
QUADRANTS = [name for name, count in COUNTS.items() for _ in range(count)]


def drawn(seed: int, count: int) -> list[int]:
    balanced = Balanced(QUADRANTS, seed)
    return [balanced.draw(number) for number in range(count)]


def test_the_quadrants_take_turns() -> None:
    names = [QUADRANTS[index] for index in drawn(0, 400)]
    rounds = [tuple(names[start : start + 4]) for start in range(0, 400, 4)]
    assert all(len(set(each)) == 4 for each in rounds)
    assert len(set(rounds)) > 15  # of the 24 orders that there are


def test_all_come_before_any_comes_again() -> None:
    order = drawn(1, 4 * 41 * 2)
    for name, size in COUNTS.items():
        own = [index for index in order if QUADRANTS[index] == name]
        times = [own[start : start + size] for start in range(0, len(own) - size + 1, size)]
        assert all(len(set(each)) == size for each in times)
        assert len({tuple(each) for each in times}) > 1


def test_a_number_has_its_example_whenever_it_is_asked() -> None:
    order = drawn(7, 300)
    resumed = Balanced(QUADRANTS, 7)
    assert [resumed.draw(number) for number in range(120, 300)] == order[120:]
    backwards = Balanced(QUADRANTS, 7)
    assert [backwards.draw(number) for number in reversed(range(300))] == order[::-1]
    assert Balanced(QUADRANTS, 7).draw(10**9) == Balanced(QUADRANTS, 7).draw(10**9)


def test_seeds_differ() -> None:
    assert drawn(1, 100) != drawn(2, 100)


def test_two_processes_share_the_numbers() -> None:
    """Each takes every other number, as the ranks of a distributed training do; together they hear what one would."""
    one, other = Balanced(QUADRANTS, 4), Balanced(QUADRANTS, 4)
    halves = [one.draw(number) for number in range(0, 200, 2)], [other.draw(number) for number in range(1, 200, 2)]
    assert Counter(halves[0] + halves[1]) == Counter(drawn(4, 200))


def test_only_quadrants_with_examples_take_turns() -> None:
    balanced = Balanced(["depression", "contentment", "depression"], 0)
    order = [balanced.draw(number) for number in range(40)]
    assert Counter(order) == {0: 10, 1: 20, 2: 10}
    assert [Balanced(["distress"], 0).draw(number) for number in range(3)] == [0, 0, 0]


def test_nothing_cannot_be_balanced() -> None:
    with pytest.raises(ValueError, match="no examples"):
        Balanced([], 0)
