"""Single notes of a SoundFont, shaped to their instrument's tone and kept for the session.

A SoundFont's own envelopes differ much from font to font; here each instrument states its tone, and every sample is
brought to one level and shaped to it, so that one table of instruments serves every font.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.instruments import Instrument
from musicmed_desktop.engines.builtin.soundfont import SoundFont, Zone

Channels = NDArray[np.float32]  # (1, n) where both sides are alike, else (2, n)

SAMPLE_RATE = 44_100
LENGTHS_S = (1.5, 3.0, 6.0, 12.0)  # a note takes the shortest sample that holds it
TIERS = 3  # soft, medium, loud: how bright a note is
_REFERENCE_DB = -20.0  # RMS of a note's first 0.3 s
_VELOCITY_OF_TIER = (45, 80, 115)
_FRAME = 1_024
_CACHE_BYTES = 96_000_000


class Sampler:
    """`note()` gives one note of an instrument as (1, n) or (2, n) samples, to be scaled and added to a mix."""

    def __init__(self, soundfont: Path) -> None:
        self._soundfont = SoundFont(soundfont)
        self._cache: OrderedDict[tuple[int, int, float, int], Channels] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def note(self, instrument: Instrument, pitch: int, seconds: float, tier: int) -> Channels:
        """Samples of at least `seconds` (at most 12 s); `tier` 0 soft to 2 loud."""
        length = next((x for x in LENGTHS_S if x >= seconds), LENGTHS_S[-1])
        key = (instrument.program, pitch, length, tier)
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        # Without the lock, so that takes that are made at once do not wait for each other.
        frames = self._render(instrument, pitch, length, tier)
        frames = frames if instrument.program < 0 else _shaped(frames, instrument, pitch, tier)
        self._keep(key, frames)
        return frames

    def _keep(self, key: tuple[int, int, float, int], frames: Channels) -> None:
        with self._lock:
            if key in self._cache:  # another take was as quick
                return
            self._cache[key] = frames
            self._bytes += frames.nbytes
            while self._bytes > _CACHE_BYTES:
                _, oldest = self._cache.popitem(last=False)
                self._bytes -= oldest.nbytes

    def _render(self, instrument: Instrument, pitch: int, seconds: float, tier: int) -> Channels:
        zones = self._zones(instrument.program, pitch, _VELOCITY_OF_TIER[tier])
        central = all(abs(zone.pan) < 0.05 for zone in zones)
        note = np.zeros((1 if central else 2, round(seconds * SAMPLE_RATE)), np.float32)
        for zone in zones:
            sound = played_zone(zone, note.shape[1]) * np.float32(10.0 ** (zone.gain_db / 20.0))
            gains = (1.0,) if central else (1.0 - max(0.0, zone.pan), 1.0 + min(0.0, zone.pan))
            for channel, gain in zip(note, gains, strict=True):
                channel[: len(sound)] += sound * np.float32(gain)
        return note

    def _zones(self, program: int, pitch: int, velocity: int) -> list[Zone]:
        """The note's zones; some fonts leave single keys out, which their neighbour then plays."""
        for away in (0, -1, 1, -2, 2, -3, 3):
            zones = self._soundfont.zones(program, pitch + away, velocity)
            if zones:
                return [replace(zone, cents=zone.cents - 100 * away) for zone in zones]
        return []


def played_zone(zone: Zone, frames: int) -> NDArray[np.float32]:
    """A zone's sample at its note's pitch, looped, at most `frames` long; cubic (Catmull-Rom) between samples."""
    step = 2.0 ** (zone.cents / 1200.0) * zone.rate / SAMPLE_RATE
    source = _padded(zone)
    count = frames if zone.loop else min(frames, int((len(source) - 3) / step))
    at, part = _places(step, count, zone.loop)
    last = len(source) - 3
    before, left, right, after = (source[n : last + n].take(at, mode="clip") for n in range(4))
    return _cubic(before, left, right, after, part)


@lru_cache(maxsize=4)  # the left and the right zone of a note have the same
def _places(step: float, count: int, loop: tuple[int, int] | None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each sample the first of its four neighbours in the source, and its share of the way between the middle
    two; not to be changed."""
    place = np.arange(count) * step
    at = place.astype(np.int64)
    part = (place - at).astype(np.float32)
    if loop:
        start, end = loop
        again = np.searchsorted(at, end)  # they ascend
        at[again:] = start + (at[again:] - start) % (end - start)
    return at, part


def _cubic(
    before: NDArray[np.float32],
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    after: NDArray[np.float32],
    part: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Between `left` and `right` at the share `part`, in place: a note is a few hundred thousand samples."""
    slope_left, slope_right = (right - before) * np.float32(0.5), (after - left) * np.float32(0.5)
    fall = left - right
    value = fall + fall
    value += slope_left
    value += slope_right
    square = fall
    square *= np.float32(-3.0)
    square -= slope_left
    square -= slope_left
    square -= slope_right
    for term in (square, slope_left, left):
        value *= part
        value += term
    return value


def _padded(zone: Zone) -> NDArray[np.float32]:
    """The sample with the few frames behind its end, or its loop's end, that the interpolation looks at."""
    if zone.loop is None:
        return np.concatenate([zone.frames, np.zeros(4, np.float32)])
    start, end = zone.loop
    return np.concatenate([zone.frames[:end], zone.frames[start : start + 3]])


def _shaped(note: Channels, instrument: Instrument, pitch: int, tier: int) -> Channels:
    """The sample at the reference level, darker in the lower tiers, fading as its tone asks."""
    if tier < TIERS - 1:
        note = _darker(note, pitch, octaves=2.0 + 1.5 * tier)
    n = note.shape[1] // _FRAME
    power = np.square(note[:, : n * _FRAME]).reshape(len(note), n, _FRAME).mean(axis=(0, 2))
    level_db = 10.0 * np.log10(power + 1e-12)
    first = 10.0 * math.log10(float(power[:14].mean()) + 1e-12)
    if first < -90.0:
        return np.zeros_like(note)
    gain_db = np.full(n, _REFERENCE_DB - first)
    if not instrument.tone.sustained:
        gain_db = np.clip(_fading(instrument, pitch, n) - level_db, -80.0, gain_db + 24.0)
        gain_db[:2] = gain_db[2]  # the onset keeps its own shape
    curve = np.interp(np.arange(note.shape[1]), (np.arange(n) + 0.5) * _FRAME, 10.0 ** (gain_db / 20.0))
    return note * curve.astype(np.float32)


def _fading(instrument: Instrument, pitch: int, frames: int) -> NDArray[np.float64]:
    """The level that the tone should have, dB; high notes fade faster, a factor of two in two octaves."""
    seconds = (np.arange(frames) + 0.5) * _FRAME / SAMPLE_RATE
    speed = 2.0 ** ((pitch - 60) / 24.0)
    tone = instrument.tone
    fallen = tone.drop_db * (1.0 - np.exp(-seconds / 0.3)) + tone.fade_db * speed * seconds
    level: NDArray[np.float64] = _REFERENCE_DB + 2.0 - fallen
    return level


def _darker(note: Channels, pitch: int, octaves: float) -> Channels:
    """Softly played notes have fewer overtones: 12 dB per octave from `octaves` above the fundamental."""
    from pedalboard import LowpassFilter
    from pedalboard._pedalboard import Pedalboard

    cutoff = min(18_000.0, 440.0 * 2.0 ** ((pitch - 69) / 12.0 + octaves))
    board = Pedalboard([LowpassFilter(cutoff), LowpassFilter(cutoff)])
    darker: Channels = board(note, SAMPLE_RATE)
    return darker
