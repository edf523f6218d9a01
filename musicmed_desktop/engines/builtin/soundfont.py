"""Reading SoundFonts (SoundFont 2.04 specification, E-mu 2006; .sf3 holds its samples as Ogg Vorbis).

Why a reader of our own: symusic 0.5.9 plays most presets at wrong pitches (its issue 55), tinysoundfont cannot be
installed without PortAudio's headers, and FluidSynth has no wheels.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.errors import UserError

_DRUM_BANK = 128
_PAN, _INSTRUMENT, _KEYS, _VELOCITIES, _ATTENUATION = 17, 41, 43, 44, 48
_COARSE_TUNE, _FINE_TUNE, _SAMPLE, _LOOPS, _SCALE, _ROOT = 51, 52, 53, 54, 56, 58
_START, _END, _LOOP_START, _LOOP_END = (0, 4), (1, 12), (2, 45), (3, 50)  # fine and coarse (32,768 frames)
_VORBIS = 0x10  # sample type of .sf3

_HEADERS = {
    b"phdr": [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("unused", "V12")],
    b"pbag": [("gen", "<u2"), ("mod", "<u2")],
    b"pgen": [("oper", "<u2"), ("amount", "<i2")],
    b"inst": [("name", "S20"), ("bag", "<u2")],
    b"ibag": [("gen", "<u2"), ("mod", "<u2")],
    b"igen": [("oper", "<u2"), ("amount", "<i2")],
    b"shdr": [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"),
              ("rate", "<u4"), ("key", "u1"), ("correction", "i1"), ("link", "<u2"), ("type", "<u2")],
}  # fmt: skip

Generators = dict[int, int]


@dataclass(frozen=True)
class Zone:
    """One sample of a note: mono `frames` at `rate`, looped from `loop[0]` to `loop[1]` if it has a loop.

    `cents` is how far the note lies from the sample's own pitch, `pan` -1 left to 1 right, `gain_db` at most 0.
    """

    frames: NDArray[np.float32]
    rate: int
    loop: tuple[int, int] | None
    cents: float
    pan: float
    gain_db: float


class SoundFont:
    """A SoundFont on disk; samples are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            chunks = dict(_chunks(memoryview(self._data)))
            self._samples = chunks[b"smpl"]
            tables = {name: np.frombuffer(chunks[name], np.dtype(fields)) for name, fields in _HEADERS.items()}
        except (OSError, ValueError, KeyError) as error:
            hint = "Choose a whole .sf2 or .sf3 file, or leave the choice to the program."
            raise UserError(f"The SoundFont {path} cannot be read.", hint, repr(error)) from error
        self._tables = tables
        self._presets = {(int(row["bank"]), int(row["program"])): i for i, row in enumerate(tables[b"phdr"][:-1])}

    def zones(self, program: int, pitch: int, velocity: int) -> list[Zone]:
        """The samples that sound for a note; `program` -1 is the drum kit. Empty where the preset has none."""
        wanted = (_DRUM_BANK, 0) if program < 0 else (0, program)
        preset = self._presets.get(wanted)
        if preset is None:
            return []
        found = []
        for outer in self._matching(b"phdr", b"pbag", b"pgen", preset, _INSTRUMENT, pitch, velocity):
            instrument = outer[_INSTRUMENT]
            for inner in self._matching(b"inst", b"ibag", b"igen", instrument, _SAMPLE, pitch, velocity):
                found.append(self._zone(outer, inner, pitch))
        return found

    def _matching(
        self, owners: bytes, bags: bytes, gens: bytes, owner: int, leaf: int, pitch: int, velocity: int
    ) -> Iterator[Generators]:
        """The generators of an owner's zones that hold the note; the first zone may be global."""
        first, last = (int(self._tables[owners][owner + i]["bag"]) for i in (0, 1))
        common: Generators = {}
        for bag in range(first, last):
            begin, end = (int(self._tables[bags][bag + i]["gen"]) for i in (0, 1))
            own = {int(g["oper"]): int(g["amount"]) for g in self._tables[gens][begin:end]}
            if leaf not in own:
                common = own if bag == first else common
                continue
            zone = common | own
            if _within(zone.get(_KEYS), pitch) and _within(zone.get(_VELOCITIES), velocity):
                yield zone

    def _zone(self, outer: Generators, inner: Generators, pitch: int) -> Zone:
        header = self._tables[b"shdr"][inner[_SAMPLE]]
        frames, shift = self._frames(header, inner)
        root = inner.get(_ROOT, -1)
        root = int(header["key"]) if root < 0 else root
        scale = inner.get(_SCALE, 100) + outer.get(_SCALE, 0)
        tune = sum(100 * zone.get(_COARSE_TUNE, 0) + zone.get(_FINE_TUNE, 0) for zone in (outer, inner))
        loop = (
            int(header["loop_start"]) - shift + _offset(inner, _LOOP_START),
            int(header["loop_end"]) - shift + _offset(inner, _LOOP_END),
        )
        looped = inner.get(_LOOPS, 0) & 1 and 0 <= loop[0] < loop[1] - 8 and loop[1] <= len(frames)
        return Zone(
            frames=frames,
            rate=int(header["rate"]),
            loop=loop if looped else None,
            cents=(pitch - root) * scale + tune + int(header["correction"]),
            pan=min(1.0, max(-1.0, (inner.get(_PAN, 0) + outer.get(_PAN, 0)) / 500.0)),
            gain_db=-max(0, inner.get(_ATTENUATION, 0) + outer.get(_ATTENUATION, 0)) / 10.0 * 0.4,
        )

    def _frames(self, header: np.void, zone: Generators) -> tuple[NDArray[np.float32], int]:
        """The sample's frames, and the position in the sample pool that its loop points count from."""
        start, end = int(header["start"]), int(header["end"])
        if int(header["type"]) & _VORBIS:
            import soundfile

            frames, _ = soundfile.read(BytesIO(self._samples[start:end]), dtype="float32")
            return frames, 0
        start, end = start + _offset(zone, _START), end + _offset(zone, _END)
        pool = np.frombuffer(self._samples, "<i2")[start:end]
        return pool.astype(np.float32) / 32_768.0, start


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The leaves of a RIFF file, by name."""
    at = 12
    while at + 8 <= len(data):
        name, size = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"LIST":
            at += 12
            continue
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _within(bounds: int | None, value: int) -> bool:
    """Whether a range generator (low in its first byte, high in its second) holds a value."""
    return bounds is None or (bounds & 0xFF) <= value <= (bounds >> 8 & 0xFF)


def _offset(zone: Generators, fine_and_coarse: tuple[int, int]) -> int:
    fine, coarse = fine_and_coarse
    return zone.get(fine, 0) + 32_768 * zone.get(coarse, 0)
