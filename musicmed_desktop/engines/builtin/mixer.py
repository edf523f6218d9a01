"""Mixing notes into sound: every part at its place, one room around them all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.orchestra import Voice
from musicmed_desktop.engines.builtin.sampler import LENGTHS_S, SAMPLE_RATE, TIERS, Sampler
from musicmed_desktop.engines.builtin.styles import Style

Frames = NDArray[np.float32]  # (n, 2)
Channels = NDArray[np.float32]  # (2, n)
Curve = NDArray[np.float32]  # (n,)
Shade = Callable[[float], float]  # how bright the mix is, 0 to 1, at a second of it

_HEADROOM = np.float32(0.45)  # -7 dB: with every part at its loudest the mix stays within [-1, 1]
_SHADE_STEP_S = 0.5
_DARK_HZ = 1_800.0  # where the mix is closed at brightness 0; at 1 it is as open as the style


@dataclass(frozen=True)
class TimedNote:
    """A note in seconds from the start of a mix; `velocity` 1 to 127, `brightness` 0 to 1."""

    voice: Voice
    start_s: float
    length_s: float
    pitch: int
    velocity: int
    attack_s: float
    brightness: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s + self.voice.instrument.tone.release_s


class Mix:
    """A mix of `seconds`, rendered chunk by chunk from its start; notes may have begun before it.

    Inside, sound lies channel by channel, (2, n): numpy is several times faster that way.
    """

    def __init__(
        self, sampler: Sampler, style: Style, notes: Sequence[TimedNote], shade: Shade, seconds: float
    ) -> None:
        self._sampler = sampler
        self._style = style
        self._shade = shade
        self._notes = sorted(notes, key=lambda note: note.start_s)
        self._next = 0
        self._length = round(seconds * SAMPLE_RATE)
        self._dry = np.zeros((2, self._length), np.float32)
        self._send = np.zeros_like(self._dry)
        self._room = _room(style)
        self._tone = _tone()
        self._done = 0

    def render(self, until_s: float) -> Frames:
        """The next frames up to `until_s`, (n, 2)."""
        end = min(self._length, round(until_s * SAMPLE_RATE))
        while self._next < len(self._notes) and self._notes[self._next].start_s * SAMPLE_RATE < end:
            self._add(self._notes[self._next])
            self._next += 1
        start, self._done = self._done, end
        wet = self._room(np.ascontiguousarray(self._send[:, start:end]), SAMPLE_RATE, reset=False)
        return self._shaded((self._dry[:, start:end] + wet) * _HEADROOM, start)

    def _shaded(self, sound: Channels, start: int) -> Frames:
        """The tone filter, which opens and closes with the music's brightness."""
        step = round(_SHADE_STEP_S * SAMPLE_RATE)
        shaded = np.empty((sound.shape[1], 2), np.float32)
        for first in range(0, len(shaded), step):
            brightness = self._shade((start + first) / SAMPLE_RATE)
            for lowpass in (self._tone[1], self._tone[2]):
                lowpass.cutoff_frequency_hz = _DARK_HZ * (self._style.top_hz / _DARK_HZ) ** brightness
            shaded[first : first + step] = self._tone(sound[:, first : first + step], SAMPLE_RATE, reset=False).T
        return shaded

    def _add(self, note: TimedNote) -> None:
        start = round(note.start_s * SAMPLE_RATE)
        sound = _played(self._sampler, note)[:, max(0, -start) :]
        start = max(0, start)
        dry, send = (bus[:, start : start + sound.shape[1]] for bus in (self._dry, self._send))
        placed = sound[:, : dry.shape[1]] * _pan(note.voice.pan)
        dry += placed
        placed *= np.float32(note.voice.send)
        send += placed


def _played(sampler: Sampler, note: TimedNote) -> Channels:
    """One note as (1, n) or (2, n) samples of its own: level, attack and release."""
    tone = note.voice.instrument.tone
    drum = note.voice.instrument.program < 0
    tier = min(TIERS - 1, int(TIERS * (0.5 * note.velocity / 110.0 + 0.5 * note.brightness)))
    longest = LENGTHS_S[-1] - tone.release_s
    length_s = LENGTHS_S[0] if drum else min(note.length_s, longest)
    full = sampler.note(note.voice.instrument, note.pitch, length_s + (0.0 if drum else tone.release_s), tier)
    level = np.float32(10.0 ** ((note.voice.gain_db + 40.0 * math.log10(note.velocity / 100.0)) / 20.0))
    if drum:
        return full * level
    hold, release = round(length_s * SAMPLE_RATE), round(tone.release_s * SAMPLE_RATE)
    sound = full[:, : hold + release] * level
    attack = _attack(min(hold, round(note.attack_s * SAMPLE_RATE)))
    sound[:, : len(attack)] *= attack
    sound[:, hold:] *= _release(release)[: sound.shape[1] - hold]
    return sound


@lru_cache(maxsize=64)
def _attack(frames: int) -> Curve:
    curve: Curve = np.sin(np.linspace(0.0, math.pi / 2.0, frames, dtype=np.float32)) ** 2
    return curve


@lru_cache(maxsize=16)
def _release(frames: int) -> Curve:
    curve: Curve = np.exp(np.linspace(0.0, -5.0, frames, dtype=np.float32)) * np.linspace(
        1, 0, frames, dtype=np.float32
    )
    return curve


def _pan(pan: float) -> Channels:
    """Left and right gain of constant power, (2, 1); the middle is 1, 1."""
    angle = (pan + 1.0) * math.pi / 4.0
    return math.sqrt(2.0) * np.array([[math.cos(angle)], [math.sin(angle)]], np.float32)


def _room(style: Style) -> Any:
    from pedalboard import HighpassFilter, Reverb
    from pedalboard._pedalboard import Pedalboard

    reverb = Reverb(room_size=style.room, damping=0.55, wet_level=style.wet, dry_level=0.0, width=1.0)
    return Pedalboard([HighpassFilter(180.0), reverb])


def _tone() -> Any:
    from pedalboard import HighpassFilter, LowpassFilter
    from pedalboard._pedalboard import Pedalboard

    return Pedalboard([HighpassFilter(35.0), LowpassFilter(18_000.0), LowpassFilter(18_000.0)])
