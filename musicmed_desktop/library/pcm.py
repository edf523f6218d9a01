"""Samples as the library keeps them: 16 bits, so that a clip and the joined session hold the very same ones."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Frames

if TYPE_CHECKING:
    from typing import BinaryIO

Pcm = NDArray[np.int16]  # (n, channels)

_SCALE = 32767.0  # of libsndfile


def pcm_of(frames: Frames) -> Pcm:
    """Frames in [-1, 1] rounded to 16 bits, as libsndfile does it; louder ones are clipped."""
    scaled = np.rint(frames.astype(np.float64) * _SCALE)
    return np.clip(scaled, -32768, 32767).astype(np.int16)


def hash_of(pcm: Pcm) -> str:
    """SHA-256 of the samples: little-endian, channels interleaved."""
    return sha256(np.ascontiguousarray(pcm, dtype="<i2").tobytes()).hexdigest()


def flac_of(pcm: Pcm, sample_rate: int) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, pcm, sample_rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def pcm_in(flac: bytes | BinaryIO) -> tuple[Pcm, int]:
    """All samples of a FLAC file, and its sample rate; ValueError where it is damaged."""
    import soundfile

    try:
        file = io.BytesIO(flac) if isinstance(flac, bytes) else flac
        pcm, sample_rate = soundfile.read(file, dtype="int16", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"no whole FLAC file: {error}") from error
    return pcm, sample_rate
