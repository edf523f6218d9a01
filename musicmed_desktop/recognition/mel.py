"""Log-mel spectrograms as VibeNet 0.1.0 was trained on, without the libraries it uses to make them.

Importing librosa and numba costs 1.7 s and 175 MB, which a listener would wait for; this is all it takes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

MEL_RATE = 16_000  # Hz
N_FFT = 1024
WINDOW = 640  # samples, 40 ms
HOP = 320  # samples, 20 ms
N_MELS = 128
FLOOR_POWER = 1e-10
RANGE_DB = 80.0  # below the loudest bin


def log_mel(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mel power of `mono` (n,) at 16 kHz in dB re 1: (128, frames), at most 80 dB below its maximum.

    Frames are 40 ms long and 20 ms apart, without padding; n is at least 640.
    """
    frames = np.lib.stride_tricks.sliding_window_view(mono, WINDOW)[::HOP]
    spectrum = np.fft.rfft(frames * _hann(), n=N_FFT, axis=-1)
    power = spectrum.real**2 + spectrum.imag**2  # (frames, N_FFT / 2 + 1)
    level = 10.0 * np.log10(np.maximum(FLOOR_POWER, mel_bank() @ power.T))
    clipped: NDArray[np.float32] = np.maximum(level, level.max() - RANGE_DB).astype(np.float32)
    return clipped


@cache
def mel_bank() -> NDArray[np.float32]:
    """Triangular filters of equal area, 0 to 8 kHz, (128, 513), as in Slaney's Auditory Toolbox (1998)."""
    edges = _slaney_hz(np.linspace(0.0, _slaney_mel(MEL_RATE / 2), N_MELS + 2))
    bins = np.linspace(0.0, MEL_RATE / 2, N_FFT // 2 + 1)
    low, centre, high = (edges[start : start + N_MELS, None] for start in range(3))
    triangles = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    return (np.maximum(0.0, triangles) * 2.0 / (high - low)).astype(np.float32)


# Slaney's scale is linear up to 1 kHz (15 mel), then logarithmic: 27 mel for a factor of 6.4.
_LINEAR_HZ_PER_MEL = 200.0 / 3.0
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def _slaney_mel(hz: float) -> float:
    """Of a frequency above the break."""
    return float(_BREAK_MEL + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def _slaney_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    bent = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _LINEAR_HZ_PER_MEL, bent)


@cache
def _hann() -> NDArray[np.float32]:
    """The periodic window; numpy's own is the symmetric one."""
    return np.hanning(WINDOW + 1)[:-1].astype(np.float32)
