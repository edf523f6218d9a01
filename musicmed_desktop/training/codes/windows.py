"""Windows of sound files: where they lie, and their samples as the codec hears them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from soundfile import SoundFile

_SILENT = 10 ** (-60 / 20)  # RMS; a quiet passage of a recording lies above -50 dBFS
_LOUDEST = 10.0  # +20 dBFS, which no music that is decoded to floats has

Samples = NDArray[np.float32]


class UnusableError(UserError):
    """A sound file that cannot be learnt from; `reason` says it in a few words, as "is damaged"."""

    def __init__(self, file: Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{file} {reason}.", "Use a copy of the file that is whole.", detail)
        self.reason = reason


def starts(duration: float, window: float, most: int) -> tuple[float, ...]:
    """Where windows begin in a piece: at most `most`, none beyond its ends or in another, each amid an equal share.

    All in the same unit. There is none where the piece is shorter than a window.
    """
    if window <= 0 or most < 1:
        raise ValueError(f"cannot cut {most} windows of {window}")
    count = min(most, int(duration // window))
    return tuple((place + 0.5) * duration / count - window / 2 for place in range(count))


def read_windows(file: Path, window_s: float, most: int, sample_rate: int) -> tuple[tuple[float, ...], Samples]:
    """The windows of a sound file: where they begin, in s, and their samples, [W, n], in mono at `sample_rate`.

    Nothing else of the file is decoded. Where its end is missing, or a part is damaged, what comes before is used;
    silent windows are left out. Raises UnusableError where nothing remains, and another UserError where the file cannot
    be read.
    """
    count = round(window_s * sample_rate)
    with _opened(file) as sound:
        rate, frames = sound.samplerate, sound.frames
    size = math.ceil(count * rate / sample_rate)
    cut = _cut(file, frames, size, most) or _cut(file, _readable(file), size, most)
    if not cut:
        raise UnusableError(file, "is damaged" if frames >= size else f"is shorter than {window_s:g} seconds")
    windows = [(begin / rate, _heard(file, samples, rate, sample_rate)[:count]) for begin, samples in cut]
    loud = [(begin, samples) for begin, samples in windows if np.sqrt(np.mean(samples**2)) > _SILENT]
    if not loud:
        raise UnusableError(file, "is silent")
    return tuple(begin for begin, _ in loud), np.stack([samples for _, samples in loud])


@contextmanager
def _opened(file: Path) -> Iterator[SoundFile]:
    from soundfile import LibsndfileError, SoundFile

    try:
        with file.open("rb") as opened:  # libsndfile's own reasons are vague
            if not opened.read(1):
                raise UnusableError(file, "holds no music")
        if file.suffix.lower() == ".raw":  # which libsndfile would play, whatever it is
            raise UnusableError(file, "is not a sound file")
        sound = SoundFile(file)
    except OSError as error:
        raise unreadable(file, error) from error
    except LibsndfileError as error:
        raise UnusableError(file, "is not a sound file, or it is damaged", str(error)) from error
    with sound:
        if not sound.frames:
            raise UnusableError(file, "holds no music")
        yield sound


def _cut(file: Path, frames: int, size: int, most: int) -> list[tuple[int, Samples]]:
    """Windows of `size` frames, with the frame where each begins; none where one of them cannot be read."""
    from soundfile import LibsndfileError

    cut = []
    with _opened(file) as sound:
        for begin in map(int, starts(frames, size, most)):
            try:
                sound.seek(begin)
                samples = sound.read(size, dtype="float32", always_2d=True)
            except LibsndfileError:
                return []
            if len(samples) < size:
                return []
            cut.append((begin, samples))
    return cut


def _readable(file: Path) -> int:
    """How many frames there are before the end, or the first damage: headers tell of files as they were once."""
    from soundfile import LibsndfileError

    frames = 0
    with _opened(file) as sound, suppress(LibsndfileError):
        while read := len(sound.read(sound.samplerate)):
            frames += read
    return frames


def _heard(file: Path, samples: Samples, rate: int, sample_rate: int) -> Samples:
    """[n, channels] in mono at `sample_rate`."""
    import soxr

    if not np.abs(samples).max() <= _LOUDEST:  # nor NaN
        raise UnusableError(file, "is damaged")
    mono = samples.mean(axis=1)
    resampled: Samples = mono if rate == sample_rate else soxr.resample(mono, rate, sample_rate)
    return resampled
