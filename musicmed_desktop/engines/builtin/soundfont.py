"""Reading SoundFonts (SoundFont 2.04 specification, E-mu 2006; .sf3 holds its samples as Ogg Vorbis).

Why a reader of our own: symusic 0.5.9 plays most presets at wrong pitches (its issue 55), tinysoundfont cannot be
installed without PortAudio's headers, and FluidSynth has no wheels.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.soundfont_tables import INSTRUMENT, SAMPLE, Owners, read_tables
from musicmed_desktop.errors import UserError

_DRUM_BANK = 128
_PAN, _KEYS, _VELOCITIES, _ATTENUATION = 17, 43, 44, 48
_COARSE_TUNE, _FINE_TUNE, _LOOPS, _SCALE, _ROOT = 51, 52, 54, 56, 58
_START, _END, _LOOP_START, _LOOP_END = (0, 4), (1, 12), (2, 45), (3, 50)  # fine and coarse (32,768 frames)
_VORBIS = 0x10  # sample type of .sf3
_LONGEST = 4_000_000  # frames that are read of a sample: 90 s at 44.1 kHz
_RATES = (400, 192_000)  # below 400 a sample is illegal (specification, 7.10)
_FARTHEST = 9_600  # cents from a sample's own pitch
_OUT_OF_TUNE = (15.0, 90.0)  # cents by which a short loop may miss its note to be mended
_SHORT_LOOP = 4  # periods

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
    """A SoundFont on disk; samples are read when they are asked for. A file that cannot be read as one raises
    UserError, when it is opened or, where a single sample is broken, when that is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._tables = read_tables(memoryview(data))
            self._pool = np.frombuffer(self._tables.pool, np.uint8)
        except (OSError, ValueError, KeyError) as error:
            raise self._broken(error) from error
        heads = self._tables.presets.heads[:-1]
        self._presets = {(int(row["bank"]), int(row["program"])): i for i, row in enumerate(heads)}

    def zones(self, program: int, pitch: int, velocity: int) -> list[Zone]:
        """The samples that sound for a note; `program` -1 is the drum kit. Empty where the preset has none."""
        wanted = (_DRUM_BANK, 0) if program < 0 else (0, program)
        preset = self._presets.get(wanted)
        if preset is None:
            return []
        return [
            self._zone(outer, inner, pitch)
            for outer in _matching(self._tables.presets, preset, INSTRUMENT, pitch, velocity)
            for inner in _matching(self._tables.instruments, _index(outer, INSTRUMENT), SAMPLE, pitch, velocity)
        ]

    def _zone(self, outer: Generators, inner: Generators, pitch: int) -> Zone:
        header = self._tables.samples[_index(inner, SAMPLE)]
        frames, shift = self._frames(header, inner)
        root = inner.get(_ROOT, -1)
        root = int(header["key"]) if root < 0 else root
        scale = inner.get(_SCALE, 100) + outer.get(_SCALE, 0)
        tune = sum(100 * zone.get(_COARSE_TUNE, 0) + zone.get(_FINE_TUNE, 0) for zone in (outer, inner))
        cents = (pitch - root) * scale + tune + int(header["correction"])
        loop = (
            int(header["loop_start"]) - shift + _offset(inner, _LOOP_START),
            int(header["loop_end"]) - shift + _offset(inner, _LOOP_END),
        )
        looped = inner.get(_LOOPS, 0) & 1 and 0 <= loop[0] < loop[1] - 8 and loop[1] <= len(frames)
        zone = Zone(
            frames=frames,
            rate=min(max(int(header["rate"]), _RATES[0]), _RATES[1]),
            loop=loop if looped else None,
            cents=min(max(cents, -_FARTHEST), _FARTHEST),
            pan=min(1.0, max(-1.0, (inner.get(_PAN, 0) + outer.get(_PAN, 0)) / 500.0)),
            gain_db=-max(0, inner.get(_ATTENUATION, 0) + outer.get(_ATTENUATION, 0)) / 10.0 * 0.4,
        )
        return zone if scale == 0 else replace(zone, cents=zone.cents + _mistuning(zone, pitch))

    def _frames(self, header: np.void, zone: Generators) -> tuple[NDArray[np.float32], int]:
        """The sample's frames, and the position in the sample pool that its loop points count from."""
        start, end = int(header["start"]), int(header["end"])
        if int(header["type"]) & _VORBIS:
            return self._decoded(self._tables.pool[start:end]), 0
        start, end = max(0, start + _offset(zone, _START)), max(0, end + _offset(zone, _END))
        pool = self._pool[2 * start : 2 * min(end, start + _LONGEST)]
        return pool[: len(pool) // 2 * 2].view("<i2").astype(np.float32) / 32_768.0, start

    def _decoded(self, ogg: memoryview) -> NDArray[np.float32]:
        import soundfile

        try:
            frames, _ = soundfile.read(BytesIO(ogg), _LONGEST, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise self._broken(error) from error
        mono: NDArray[np.float32] = frames[:, 0]
        return mono

    def _broken(self, error: Exception) -> UserError:
        hint = "Choose a whole .sf2 or .sf3 file, or leave the choice to the program."
        return UserError(f"The SoundFont {self._path} cannot be read.", hint, repr(error))


def _matching(owners: Owners, owner: int, leaf: int, pitch: int, velocity: int) -> Iterator[Generators]:
    """The generators of an owner's zones that hold the note; the first zone may be global."""
    common: Generators = {}
    for i, own in enumerate(owners.zones(owner)):
        if leaf not in own:
            common = own if i == 0 else common
            continue
        zone = common | own
        if _within(zone.get(_KEYS), pitch) and _within(zone.get(_VELOCITIES), velocity):
            yield zone


def _mistuning(zone: Zone, pitch: int) -> float:
    """The cents that a short loop lacks to its note: a loop of a few periods has the pitch of its length, which
    some fonts round to whole frames and forget (TimGM6mb's accordion is a third of a tone flat)."""
    if zone.loop is None:
        return 0.0
    played = zone.rate * 2.0 ** (zone.cents / 1200.0) / (zone.loop[1] - zone.loop[0])  # loops a second
    periods = 440.0 * 2.0 ** ((pitch - 69) / 12.0) / played
    whole = round(periods) if periods >= 1.0 else 1.0 / round(1.0 / periods)
    cents = 1200.0 * math.log2(periods / whole)
    return cents if periods < _SHORT_LOOP + 0.5 and _OUT_OF_TUNE[0] < abs(cents) < _OUT_OF_TUNE[1] else 0.0


def _index(zone: Generators, leaf: int) -> int:
    return zone[leaf] & 0xFFFF


def _within(bounds: int | None, value: int) -> bool:
    """Whether a range generator (low in its first byte, high in its second) holds a value."""
    return bounds is None or (bounds & 0xFF) <= value <= (bounds >> 8 & 0xFF)


def _offset(zone: Generators, fine_and_coarse: tuple[int, int]) -> int:
    fine, coarse = fine_and_coarse
    return zone.get(fine, 0) + 32_768 * zone.get(coarse, 0)
