"""A track's codes as the content of a file, which tells whether it is still as it was written."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.musicgen.shapes import CODEBOOK_SIZE, CODEBOOKS

_DIGEST = hashlib.sha256().digest_size
_AROUND = 1_000  # bytes: what a file holds beside its windows
_BLOCK = 4_096  # bytes; what file systems usually allot


@dataclass(frozen=True)
class Layout:
    """What all tracks of a cache have in common: the codec's `fingerprint`, windows of `window_s` seconds and `frames`
    codes, at most `most` of them from a track."""

    fingerprint: str
    window_s: float
    most: int
    frames: int


@dataclass(frozen=True, eq=False)
class Codes:
    """The codes of a track's W windows, [W, K, T], the seconds at which they begin, and beats per minute, if any."""

    codes: NDArray[np.uint16]
    starts_s: tuple[float, ...]
    bpm: float | None

    def fit(self, layout: Layout) -> bool:
        """Whether they are what a file of that layout may hold."""
        return (
            self.codes.dtype == np.uint16
            and self.codes.shape == (len(self.starts_s), CODEBOOKS, layout.frames)
            and 1 <= len(self.starts_s) <= layout.most
            and int(self.codes.max(initial=0)) < CODEBOOK_SIZE
            and all(0 <= start < math.inf for start in self.starts_s)
            and (self.bpm is None or 0 < self.bpm < math.inf)
        )


def packed(codes: Codes) -> bytes:
    """NumPy's npz, not compressed, and its SHA-256 behind it; `numpy.load` reads it as it is."""
    content = BytesIO()
    bpm = np.nan if codes.bpm is None else codes.bpm
    np.savez(content, codes=codes.codes, starts_s=np.array(codes.starts_s, np.float64), bpm=np.float64(bpm))
    return content.getvalue() + hashlib.sha256(content.getvalue()).digest()


def unpacked(content: bytes, layout: Layout) -> Codes | None:
    """None where a byte is another one than was written, or the codes are not of that layout."""
    body, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        with np.load(BytesIO(body), allow_pickle=False) as arrays:
            bpm = float(arrays["bpm"])
            codes = Codes(arrays["codes"], tuple(arrays["starts_s"].tolist()), None if math.isnan(bpm) else bpm)
            return codes if codes.fit(layout) else None
    except Exception:  # somebody else's file, with a right digest, can fail in any way
        return None


def packed_size(layout: Layout, windows: int) -> int:
    """The bytes that the file of a track with so many windows takes on a disk, at most."""
    window = CODEBOOKS * layout.frames * np.dtype(np.uint16).itemsize + np.dtype(np.float64).itemsize
    size = windows * window + _AROUND
    return math.ceil(size / _BLOCK) * _BLOCK
