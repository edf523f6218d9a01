"""Which pitch classes sound, and which of them in the bass: chroma from the peaks of a spectrogram."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CHROMA_RATE = 16_000  # Hz
FRAME = 4096  # samples, 0.26 s: resolves semitones from about 130 Hz up, and the lower notes by their harmonics
HOP = FRAME // 2
FRAMES_PER_SECOND = CHROMA_RATE / HOP

_HEARD = slice(round(40.0 * FRAME / CHROMA_RATE), round(5000.0 * FRAME / CHROMA_RATE))  # bins, 40 Hz to 5 kHz
_LEAST_PEAK = 0.02  # of the frame's highest; reverberation stays below
_ABOVE_NOISE = 5.0  # times the frame's median; percussion stays below
_LEAST_BASS = 0.1  # of the frame's highest peak


class Chroma(NamedTuple):
    """Strength of the pitch classes C to B in each frame, (frames, 12) each: of all notes, and of the lowest alone."""

    all: NDArray[np.float64]
    bass: NDArray[np.float64]


def chroma(mono: NDArray[np.float32]) -> Chroma:
    """Of `mono` (n,) at 16 kHz, n at least one frame; equal temperament at any concert pitch.

    Each spectral peak counts by the square root of its magnitude for the note that it is nearest to, the less the
    more it is out of tune.
    """
    magnitude = _spectrogram(mono)
    highest = magnitude.max(axis=1)
    least = np.maximum(_LEAST_PEAK * highest, _ABOVE_NOISE * np.median(magnitude[:, _HEARD], axis=1))
    frame, pitch, height = _peaks(magnitude, least)
    pitch -= _tuning(pitch, height)
    note = np.rint(pitch).astype(np.int64)
    weight = np.sqrt(height) * np.cos(np.pi * (pitch - note)) ** 2
    (strong,) = np.nonzero(height > _LEAST_BASS * highest[frame])
    bass = strong[np.unique(frame[strong], return_index=True)[1]]  # each frame's peaks rise in pitch
    return Chroma(
        _gather(frame, note, weight, len(magnitude)),
        _gather(frame[bass], note[bass], weight[bass], len(magnitude)),
    )


def _peaks(
    magnitude: NDArray[np.float32], least: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float32]]:
    """Frame, pitch (MIDI, fractional) and height of the peaks above `least`, frame by frame, in rising pitch."""
    low, high = _HEARD.start, _HEARD.stop
    centre = magnitude[:, low:high]
    below, above = magnitude[:, low - 1 : high - 1], magnitude[:, low + 1 : high + 1]
    frame, place = np.nonzero((centre > below) & (centre >= above) & (centre > least[:, np.newaxis]))
    height = centre[frame, place]
    bins = low + place + _vertex(below[frame, place], height, above[frame, place])
    return frame, 69.0 + 12.0 * np.log2(bins * CHROMA_RATE / FRAME / 440.0), height


def _spectrogram(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    frames = np.lib.stride_tricks.sliding_window_view(mono, FRAME)[::HOP]
    return np.abs(np.fft.rfft(frames * _hann(), axis=-1))


def _vertex(below: NDArray[np.float32], centre: NDArray[np.float32], above: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where, in bins from the centre, the parabola through three levels has its top (Smith and Serra 1987)."""
    left, middle, right = (np.log(np.maximum(x.astype(np.float64), 1e-12)) for x in (below, centre, above))
    return np.clip(0.5 * (left - right) / np.minimum(left - 2.0 * middle + right, -1e-12), -0.5, 0.5)


def _tuning(pitch: NDArray[np.float64], height: NDArray[np.float32]) -> float:
    """How many semitones, -0.5 to 0.5, the notes lie above the A = 440 Hz scale: a circular mean."""
    return float(np.angle(np.sum(np.sqrt(height) * np.exp(2j * np.pi * pitch))) / (2.0 * np.pi))


def _gather(
    frame: NDArray[np.int64], note: NDArray[np.int64], weight: NDArray[np.float64], frames: int
) -> NDArray[np.float64]:
    cells = np.bincount(frame * 12 + note % 12, weights=weight, minlength=frames * 12)
    return cells.astype(np.float64).reshape(frames, 12)


@cache
def _hann() -> NDArray[np.float32]:
    return np.hanning(FRAME).astype(np.float32)
