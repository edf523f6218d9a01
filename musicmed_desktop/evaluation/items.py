"""The clips that are asked for: moods, times instruments, times seeds."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from random import Random

from musicmed_desktop.affect import mood
from musicmed_desktop.evaluation.values import Item
from musicmed_desktop.plan.drawing import session_genres
from musicmed_desktop.plan.prompts import prompt, tempo_word

INSTRUMENTS = ("piano", "strings", "synthesizer")  # struck, bowed and electronic, each common in MTG-Jamendo


def items(moods: Sequence[str], instruments: Sequence[str], seeds: int) -> tuple[Item, ...]:
    """An item for each mood tag, instrument tag and number from 1 to `seeds`.

    Its genre is drawn by what suits the mood, as the planner draws it. An item does not depend on the others.
    """
    return tuple(
        _item(tag, instrument, number) for tag in moods for instrument in instruments for number in range(1, seeds + 1)
    )


def _item(tag: str, instrument: str, number: int) -> Item:
    key = f"{tag}-{instrument}-{number}"
    target = mood(tag).affect
    genre = session_genres([(tag,)], (), Random(key))[0]
    return Item(key, prompt((tag,), genre, (instrument,), tempo_word(target.arousal)), target, _seed(key))


def _seed(key: str) -> int:
    """48 bits, so that every JSON reader can hold it."""
    return int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big")
