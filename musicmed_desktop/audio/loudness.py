"""Loudness after ITU-R BS.1770-4 (EBU R 128), streaming, with numpy alone.

The signal is K-weighted by fast convolution (overlap-save): windows of 500 ms pass through the filter's frequency
response; their first 100 ms, longer than the filter rings, are context from the window before.
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
_STRIDE = 4  # blocks that a window adds
_BATCH = 8 * _STRIDE  # blocks measured at once: bounds the memory

# BS.1770-4, Annex 1, tables 1 and 2: numerator and denominator of both stages at 48 kHz
_DESIGN_RATE = 48_000
_STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)

Energies = NDArray[np.float64]  # K-weighted mean square of each block, summed over the channels


def k_weighting(frequencies: NDArray[np.floating]) -> NDArray[np.complex128]:
    """Response of the K-weighting filter at `frequencies` (Hz), whatever the sample rate.

    The standard's filter at 48 kHz is evaluated at the physical frequency; above 24 kHz its shelf goes on.
    """
    delay = np.exp(-2j * np.pi * np.minimum(frequencies, _DESIGN_RATE / 2) / _DESIGN_RATE)
    response = np.ones(len(frequencies), np.complex128)
    for numerator, denominator in _STAGES:
        response *= np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    return response


class LoudnessMeter:
    """Meters a stream of `channels` front channels (weight 1 each); keeps one number per 100 ms."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._block = round(sample_rate * BLOCK_S)
        self._window = (1 + _STRIDE) * self._block
        frequencies = np.fft.rfftfreq(self._window, 1.0 / sample_rate)
        self._response = k_weighting(frequencies).astype(np.complex64)
        self._pending = Backlog(channels)  # the context of the next window, and what came after it
        self._pending.append(silence(self._block, channels))
        self._energies: list[Energies] = []

    def add(self, samples: Frames) -> None:
        """Hear `samples`, (n, channels), of any length."""
        for begin in range(0, len(samples), _BATCH * self._block):
            self._pending.append(samples[begin : begin + _BATCH * self._block])
            whole = (len(self._pending) - self._block) // (_STRIDE * self._block) * _STRIDE * self._block
            if whole:
                end = self._pending.start + whole
                self._energies.append(self._measure(self._pending.view(0, end + self._block)))
                self._pending.take(end)

    def integrated(self) -> float:
        """Gated loudness of all that was heard, LUFS; -inf for silence and for less than 0.4 s."""
        energy = _windowed(self._blocks(), MOMENTARY)
        loud = energy[energy > _energy(ABSOLUTE_GATE)]
        if not len(loud):
            return -np.inf
        relative = loud.mean() * 10.0 ** (RELATIVE_GATE / 10.0)
        return float(_lufs(loud[loud > relative].mean()))

    def short_term(self) -> NDArray[np.float64]:
        """Ungated loudness of every window of 3 s, one each 100 ms, LUFS (-inf where silent)."""
        return _lufs(_windowed(self._blocks(), SHORT_TERM))

    def _blocks(self) -> Energies:
        """All whole blocks that were heard."""
        rest = self._pending.waiting()
        count = len(rest) // self._block - 1
        if not count:
            return np.concatenate([np.zeros(0), *self._energies])
        padded = np.concatenate([rest, silence(self._window - len(rest), self._channels)])
        return np.concatenate([*self._energies, self._measure(padded)[:count]])

    def _measure(self, samples: Frames) -> Energies:
        """Mean square of each block but the first, which is context."""
        windows = np.lib.stride_tricks.sliding_window_view(samples, self._window, axis=0)
        windows = windows[:: _STRIDE * self._block]  # (windows, channels, frames)
        spectra = np.fft.rfft(np.ascontiguousarray(windows))
        weighted = np.fft.irfft(spectra * self._response, self._window)
        blocks = weighted.reshape(*windows.shape[:2], 1 + _STRIDE, self._block)[:, :, 1:]
        energies: Energies = np.einsum("wcbf,wcbf->wb", blocks, blocks).astype(np.float64) / self._block
        return energies.reshape(-1)


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
