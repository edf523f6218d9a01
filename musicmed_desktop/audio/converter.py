"""From the session's sample rate and channels to the device's."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.frames import Frames


class Converter:
    """Converts a stream in pieces: frame n of what comes out is the session at n * sample_rate / to_rate.

    The resampler (soxr, HQ) drops its own delay at the beginning and makes up for it at the end. Where the rates are
    the same, the samples pass unchanged.
    """

    def __init__(self, sample_rate: int, to_rate: int, to_channels: int) -> None:
        self._channels = to_channels
        self._resampler = None
        if sample_rate != to_rate:
            from soxr import ResampleStream

            self._resampler = ResampleStream(sample_rate, to_rate, to_channels, dtype="float32", quality="HQ")

    def convert(self, frames: Frames, last: bool = False) -> Frames:
        """What is ready, (n, to_channels); with the `last` piece, all the rest. The next piece begins a new stream."""
        mapped = _map_channels(frames, self._channels)
        if self._resampler is None:
            return mapped
        converted: Frames = self._resampler.resample_chunk(mapped, last=last)
        if last:
            self._resampler.clear()
        return converted


def _map_channels(frames: Frames, channels: int) -> Frames:
    if frames.shape[1] == channels:
        return frames
    if channels == 1:
        mono: Frames = frames.mean(axis=1, keepdims=True, dtype=np.float32)
        return mono
    if frames.shape[1] == 1:
        return np.repeat(frames, channels, axis=1)
    raise ValueError(f"{frames.shape[1]} channels cannot become {channels}")
