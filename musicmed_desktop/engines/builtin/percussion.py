"""Percussion that comes in only as arousal asks for it: layers with thresholds, one after the other."""

from __future__ import annotations

import random
from dataclasses import dataclass

from musicmed_desktop.engines.builtin.melody import Tone
from musicmed_desktop.engines.builtin.styles import Kit


@dataclass(frozen=True)
class Layer:
    """One drum (General MIDI note) and where it falls, in beats of a bar; it enters at an intensity of `enters`."""

    enters: float
    pitch: int
    beats: tuple[float, ...]
    accent: float


def _every(step: float) -> tuple[float, ...]:
    return tuple(i * step for i in range(int(4 / step)))


_OFF = (0.5, 1.5, 2.5, 3.5)
KITS: dict[Kit, tuple[Layer, ...]] = {
    "none": (),
    "soft": (
        Layer(0.20, 82, _every(1.0), 0.4),
        Layer(0.35, 36, (0.0, 2.0), 0.6),
        Layer(0.50, 37, (1.0, 3.0), 0.5),
        Layer(0.60, 70, _every(0.5), 0.5),
        Layer(0.75, 36, (1.5, 3.5), 0.6),
        Layer(0.85, 39, (1.0, 3.0), 0.5),
    ),
    "acoustic": (
        Layer(0.15, 82, _every(1.0), 0.35),
        Layer(0.30, 36, (0.0, 2.0), 0.6),
        Layer(0.42, 37, (1.0, 3.0), 0.45),
        Layer(0.55, 70, _every(0.5), 0.4),
        Layer(0.70, 38, (1.0, 3.0), 0.6),
        Layer(0.80, 36, (2.5,), 0.6),
        Layer(0.85, 54, _every(1.0), 0.5),
    ),
    "lofi": (
        Layer(0.10, 42, _every(1.0), 0.3),
        Layer(0.20, 36, (0.0, 2.5), 0.65),
        Layer(0.30, 37, (1.0, 3.0), 0.5),
        Layer(0.50, 42, _OFF, 0.25),
        Layer(0.65, 38, (1.0, 3.0), 0.55),
        Layer(0.80, 36, (1.5,), 0.5),
    ),
    "jazz": (
        Layer(0.12, 44, (1.0, 3.0), 0.35),
        Layer(0.25, 51, (0.0, 1.0, 2.0, 3.0), 0.4),
        Layer(0.40, 51, (1.5, 3.5), 0.3),
        Layer(0.55, 37, (3.0,), 0.4),
        Layer(0.70, 36, (0.0, 2.0), 0.4),
        Layer(0.85, 38, (1.5, 3.5), 0.4),
    ),
    "cinematic": (
        Layer(0.15, 41, (0.0,), 0.5),
        Layer(0.30, 45, (2.0, 3.5), 0.5),
        Layer(0.45, 36, (0.0, 2.0), 0.7),
        Layer(0.55, 41, _every(0.5), 0.4),
        Layer(0.65, 38, (1.0, 3.0), 0.7),
        Layer(0.80, 70, _every(0.5), 0.4),
    ),
    "electronic": (
        Layer(0.15, 82, _OFF, 0.3),
        Layer(0.30, 36, (0.0, 2.0), 0.7),
        Layer(0.45, 42, _OFF, 0.4),
        Layer(0.50, 36, (1.0, 3.0), 0.7),
        Layer(0.60, 39, (1.0, 3.0), 0.55),
        Layer(0.75, 42, _every(0.25), 0.25),
        Layer(0.85, 46, _OFF, 0.3),
    ),
}


def bar_of_drums(rng: random.Random, kit: Kit, start: float, intensity: float, fill: bool) -> list[Tone]:
    """One bar of 4/4 from `start`; a layer grows from nothing as the intensity (0 to 1) passes its threshold."""
    tones = []
    for layer in KITS[kit]:
        strength = min(1.0, (intensity - layer.enters) / 0.2)
        if strength <= 0.0:
            continue
        for beat in layer.beats:
            if rng.random() < 0.03:
                continue  # nobody plays every note
            tones.append(Tone(start + beat, 0.4, layer.pitch, layer.accent * (0.5 + 0.5 * strength)))
    if fill and tones and intensity > 0.5:
        tones += [Tone(start + 3.0 + 0.25 * i, 0.3, pitch, 0.5) for i, pitch in enumerate((48, 45, 45, 41))]
    return tones
