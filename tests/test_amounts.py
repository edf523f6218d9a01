from __future__ import annotations

import pytest

from musicmed_desktop.amounts import amount, amount_of


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (999.6, "1 kB"),
        (12_345, "12 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (99_940_000, "99.9 MB"),
        (99_960_000, "100 MB"),
        (2_364_427_000, "2.4 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_bytes_in_words(size: float, words: str) -> None:
    assert amount(size) == words


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(1.2e9, 2.4e9, "1.2 of 2.4 GB"), (850e6, 2.4e9, "850 MB of 2.4 GB"), (0, 0, "0 of 0 bytes")],
)
def test_a_part_of_bytes_in_words(done: float, total: float, words: str) -> None:
    assert amount_of(done, total) == words
