"""Mixing notes into sound: every part at its place, one room around them all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.orchestra import Voice
from musicmed_desktop.engines.builtin.sampler import LENGTHS_S, SAMPLE_RATE, TIERS, Sampler
from musicmed_desktop.engines.builtin.styles import Style

Frames = NDArray[np.float32]
Shade = Callable[[float], float]  # how bright the mix is, 0 to 1, at a second of it

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
    """A mix of `seconds`, rendered chunk by chunk from its start; notes may have begun before it."""

    def __init__(
        self, sampler: Sampler, style: Style, notes: Sequence[TimedNote], shade: Shade, seconds: float
    ) -> None:
        self._sampler = sampler
        self._style = style
        self._shade = shade
        self._notes = sorted(notes, key=lambda note: note.start_s)
        self._next = 0
        self._dry = np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)
        self._send = np.zeros_like(self._dry)
        self._room = _room(style)
        self._tone = _tone()
        self._done = 0

    def render(self, until_s: float) -> Frames:
        """The next frames up to `until_s`."""
        end = min(len(self._dry), round(until_s * SAMPLE_RATE))
        while self._next < len(self._notes) and self._notes[self._next].start_s * SAMPLE_RATE < end:
            self._add(self._notes[self._next])
            self._next += 1
        dry, send = self._dry[self._done : end], self._send[self._done : end]
        self._done = end
        wet = self._room(np.ascontiguousarray(send.T), SAMPLE_RATE, reset=False)
        return self._shaded(np.ascontiguousarray(dry.T) + wet, end - len(dry))

    def _shaded(self, sound: Frames, start: int) -> Frames:
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
        sound = _played(self._sampler, note)
        sound = sound[max(0, -start) :]
        start = max(0, start)
        sound = sound[: max(0, len(self._dry) - start)]
        left, right = _pan(note.voice.pan)
        sound *= np.array([left, right], np.float32)
        self._dry[start : start + len(sound)] += sound
        sound *= np.float32(note.voice.send)
        self._send[start : start + len(sound)] += sound


def _played(sampler: Sampler, note: TimedNote) -> Frames:
    """One note as (n, 2) frames of its own: level, attack and release."""
    tone = note.voice.instrument.tone
    drum = note.voice.instrument.program < 0
    tier = min(TIERS - 1, int(TIERS * (0.5 * note.velocity / 110.0 + 0.5 * note.brightness)))
    longest = LENGTHS_S[-1] - tone.release_s
    length_s = LENGTHS_S[0] if drum else min(note.length_s, longest)
    full = sampler.note(note.voice.instrument, note.pitch, length_s + (0.0 if drum else tone.release_s), tier)
    level = 10.0 ** ((note.voice.gain_db + 40.0 * math.log10(note.velocity / 100.0)) / 20.0)
    if drum:
        return full * np.float32(level)
    hold, release = round(length_s * SAMPLE_RATE), round(tone.release_s * SAMPLE_RATE)
    sound: Frames = full[: hold + release] * np.float32(level)
    _ramp(sound[:hold], note.attack_s)
    tail = sound[hold:]
    fading = np.exp(np.linspace(0.0, -5.0, len(tail), dtype=np.float32)) * np.linspace(
        1.0, 0.0, len(tail), dtype=np.float32
    )
    tail *= fading[:, None]
    return sound


def _ramp(sound: Frames, attack_s: float) -> None:
    n = min(len(sound), round(attack_s * SAMPLE_RATE))
    if n > 1:
        sound[:n] *= np.sin(np.linspace(0.0, math.pi / 2.0, n, dtype=np.float32))[:, None] ** 2


def _pan(pan: float) -> tuple[float, float]:
    """Left and right gain of constant power; the middle is 1, 1."""
    angle = (pan + 1.0) * math.pi / 4.0
    return math.sqrt(2.0) * math.cos(angle), math.sqrt(2.0) * math.sin(angle)


def _room(style: Style) -> Any:
    from pedalboard import HighpassFilter, Reverb
    from pedalboard._pedalboard import Pedalboard

    reverb = Reverb(room_size=style.room, damping=0.55, wet_level=style.wet, dry_level=0.0, width=1.0)
    return Pedalboard([HighpassFilter(180.0), reverb])


def _tone() -> Any:
    from pedalboard import HighpassFilter, LowpassFilter
    from pedalboard._pedalboard import Pedalboard

    return Pedalboard([HighpassFilter(35.0), LowpassFilter(18_000.0), LowpassFilter(18_000.0)])
