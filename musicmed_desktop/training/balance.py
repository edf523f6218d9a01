"""Balance: every quadrant of the circumplex is heard as often as the others, however many tracks it has."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import get_args

from musicmed_desktop.affect import Quadrant


class Balanced:
    """An endless order of examples. Each number has its example, whenever and after whatever it is asked for, so that
    a training that goes on sees what it would have seen.

    The quadrants that have examples take turns, in another order each round. Within a quadrant every example comes
    once before any of them comes again, in another order each time.
    """

    def __init__(self, quadrants: Sequence[Quadrant], seed: int) -> None:
        """`quadrants`: that of each example, by its index. Raises ValueError where there is none."""
        found = {name: [i for i, each in enumerate(quadrants) if each == name] for name in get_args(Quadrant)}
        self._groups = [_Shuffled(examples, f"{seed} {name}") for name, examples in found.items() if examples]
        if not self._groups:
            raise ValueError("there are no examples to balance")
        self._turns = _Shuffled(range(len(self._groups)), f"{seed} turns")

    def draw(self, number: int) -> int:
        """The index of the example that has this number, from 0 on."""
        return self._groups[self._turns.at(number)].at(number // len(self._groups))


class _Shuffled:
    """Some items again and again, in a new order each time round; the last order is kept."""

    def __init__(self, items: Sequence[int], seed: str) -> None:
        self._items, self._seed = items, seed
        self._round, self._order = -1, list(items)

    def at(self, number: int) -> int:
        turn, place = divmod(number, len(self._items))
        if turn != self._round:
            self._order = Random(f"{self._seed} {turn}").sample(self._items, len(self._items))
            self._round = turn
        return self._order[place]
