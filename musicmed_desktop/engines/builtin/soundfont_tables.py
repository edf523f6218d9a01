"""The tables of a SoundFont file (SoundFont 2.04 specification, E-mu 2006), read and checked as a whole.

Presets own bags of generators that lead to instruments; instruments own bags of generators that lead to samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INSTRUMENT, SAMPLE = 41, 53  # the generators that end a preset's and an instrument's zone

_BAG = [("gen", "<u2"), ("mod", "<u2")]
_GENERATOR = [("oper", "<u2"), ("amount", "<i2")]
_PRESET = [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("unused", "V12")]
_HEADER = [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"),
           ("rate", "<u4"), ("key", "u1"), ("correction", "i1"), ("link", "<u2"), ("type", "<u2")]  # fmt: skip


@dataclass(frozen=True)
class Owners:
    """Presets or instruments: `heads` with each one's first bag, `bags` with each one's first generator, and the
    generators. The last head and the last bag only close the ones before them."""

    heads: NDArray[np.void]
    bags: NDArray[np.void]
    generators: NDArray[np.void]

    def zones(self, owner: int) -> Iterator[dict[int, int]]:
        """The generators of each of an owner's zones."""
        first, last = (int(self.heads["bag"][owner + i]) for i in (0, 1))
        for bag in range(first, last):
            begin, end = (int(self.bags["gen"][bag + i]) for i in (0, 1))
            yield {int(g["oper"]): int(g["amount"]) for g in self.generators[begin:end]}

    def check(self, leaf: int, leaves: int) -> None:
        """Raises ValueError unless every index leads to something; `leaves` is how many there are of `leaf`."""
        for firsts, last in ((self.heads["bag"], len(self.bags) - 1), (self.bags["gen"], len(self.generators))):
            if not len(firsts) or firsts[-1] > last or (firsts[1:] < firsts[:-1]).any():
                raise ValueError("its tables do not fit together")
        named = self.generators["amount"][self.generators["oper"] == leaf]
        if (named.astype(np.uint16) >= leaves).any():
            raise ValueError("its tables name what is not there")


@dataclass(frozen=True)
class Tables:
    """A SoundFont's presets and instruments, the headers of its samples, and the pool that holds them."""

    presets: Owners
    instruments: Owners
    samples: NDArray[np.void]
    pool: memoryview


def read_tables(file: memoryview) -> Tables:
    """The tables of a whole SoundFont; raises ValueError or KeyError for anything else."""
    if bytes(file[:4]) != b"RIFF" or bytes(file[8:12]) != b"sfbk":
        raise ValueError("it is not a SoundFont")
    chunks = dict(_chunks(file))
    presets = _owners(chunks, b"phdr", b"pbag", b"pgen", _PRESET)
    instruments = _owners(chunks, b"inst", b"ibag", b"igen", [("name", "S20"), ("bag", "<u2")])
    samples = np.frombuffer(chunks[b"shdr"], np.dtype(_HEADER))
    presets.check(INSTRUMENT, len(instruments.heads) - 1)
    instruments.check(SAMPLE, len(samples) - 1)
    return Tables(presets, instruments, samples, chunks[b"smpl"])


def _owners(
    chunks: dict[bytes, memoryview], heads: bytes, bags: bytes, generators: bytes, head: list[tuple[str, str]]
) -> Owners:
    names = ((heads, head), (bags, _BAG), (generators, _GENERATOR))
    return Owners(*(np.frombuffer(chunks[name], np.dtype(fields)) for name, fields in names))


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The leaves of a RIFF file, by name."""
    at = 12
    while at + 8 <= len(data):
        name, size = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"LIST":
            at += 12
            continue
        if at + 8 + size > len(data):
            raise ValueError("it ends too early")
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
