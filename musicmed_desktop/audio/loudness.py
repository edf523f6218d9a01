"""Loudness after ITU-R BS.1770-4 (EBU R 128), streaming, with numpy alone.

The standard filters the signal (K-weighting) and takes its mean square over blocks. Only the mean square is
needed, so the filter's power response is applied to the spectrum of each block (Parseval's theorem), which is
several times faster than filtering. The blocks overlap under a sine window whose squares add up to one: the
energies still sum to the signal's own, and no block has a hard edge whose splatter would be counted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Backlog, Frames, silence

BLOCK_S = 0.1
MOMENTARY = 4  # blocks: the gating block of 400 ms, stepping by 100 ms (BS.1770-4, Annex 1)
SHORT_TERM = 30  # blocks: 3 s (EBU Tech 3341)
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU
_OFFSET = -0.691  # dB, makes a 997 Hz full-scale sine in one channel -3.01 LUFS
_BATCH = 128  # blocks transformed at once: bounds the memory

# BS.1770-4, Annex 1, tables 1 and 2: numerator and denominator of both stages at 48 kHz
_DESIGN_RATE = 48_000
_STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)

Energies = NDArray[np.float64]  # K-weighted mean square of each block, summed over the channels


def k_weighting(frequencies: NDArray[np.floating]) -> NDArray[np.float64]:
    """Power gain of the K-weighting filter at `frequencies` (Hz), whatever the sample rate.

    The standard's filter at 48 kHz is evaluated at the physical frequency; above 24 kHz its shelf goes on.
    """
    delay = np.exp(-2j * np.pi * np.minimum(frequencies, _DESIGN_RATE / 2) / _DESIGN_RATE)
    power = np.ones(len(frequencies))
    for numerator, denominator in _STAGES:
        power *= np.abs(np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)) ** 2
    return power


class LoudnessMeter:
    """Meters a stream of `channels` front channels (weight 1 each); keeps one number per 100 ms."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._hop = round(sample_rate * BLOCK_S)
        self._window = np.sin(np.pi * (np.arange(2 * self._hop) + 0.5) / (2 * self._hop)).astype(np.float32)
        gains = 2.0 * k_weighting(np.fft.rfftfreq(2 * self._hop, 1.0 / sample_rate))  # 2: one side for both
        gains[[0, -1]] /= 2.0
        gains /= 2 * self._hop * self._hop
        self._gains = np.repeat(gains, 2).astype(np.float32)  # for real and imaginary parts side by side
        self._pending = Backlog(channels)
        self._pending.append(silence(self._hop // 2, channels))  # centres the first window on the first block
        self._blocks: list[Energies] = []

    def add(self, samples: Frames) -> None:
        """Hear `samples`, (n, channels), of any length."""
        for begin in range(0, len(samples), _BATCH * self._hop):
            self._pending.append(samples[begin : begin + _BATCH * self._hop])
            count = len(self._pending) // self._hop - 1
            if count > 0:
                self._blocks.append(self._measure(self._pending.waiting(), count))
                self._pending.take(self._pending.start + count * self._hop)

    def integrated(self) -> float:
        """Gated loudness of all that was heard, LUFS; -inf for silence and for less than 0.4 s."""
        energy = _windowed(self._energies(), MOMENTARY)
        loud = energy[energy > _energy(ABSOLUTE_GATE)]
        if not len(loud):
            return -np.inf
        relative = loud.mean() * 10.0 ** (RELATIVE_GATE / 10.0)
        return float(_lufs(loud[loud > relative].mean()))

    def short_term(self) -> NDArray[np.float64]:
        """Ungated loudness of every window of 3 s, one each 100 ms, LUFS (-inf where silent)."""
        return _lufs(_windowed(self._energies(), SHORT_TERM))

    def _energies(self) -> Energies:
        """All whole blocks; the last one lacks the half window that lies ahead and gets silence for it."""
        ahead = silence(self._hop - self._hop // 2, self._channels)
        rest = np.concatenate([self._pending.waiting(), ahead])
        return np.concatenate([*self._blocks, self._measure(rest, len(rest) // self._hop - 1)])

    def _measure(self, samples: Frames, count: int) -> Energies:
        if count < 1:
            return np.zeros(0)
        windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * self._hop, axis=0)
        windows = np.multiply(windows[: count * self._hop : self._hop], self._window, order="C")
        parts = np.fft.rfft(windows).view(np.float32)  # (count, channels, 2 * bins)
        energies: Energies = np.sum(np.square(parts, out=parts) @ self._gains, axis=1, dtype=np.float64)
        return energies


def loudness(samples: Frames, sample_rate: int) -> float:
    """Integrated loudness of `samples`, (n, channels), in LUFS; -inf for silence and for less than 0.4 s."""
    meter = LoudnessMeter(sample_rate, samples.shape[1])
    meter.add(samples)
    return meter.integrated()


def _windowed(energies: Energies, blocks: int) -> Energies:
    if len(energies) < blocks:
        return np.zeros(0)
    return np.convolve(energies, np.full(blocks, 1.0 / blocks), "valid")


def _lufs(energy: Energies) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET + 10.0 * np.log10(energy))


def _energy(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET) / 10.0))
