"""The sound of a whole session, joined from its clips as they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np

from musicmed_desktop.audio.disk import Sink
from musicmed_desktop.audio.loudness import LoudnessMeter
from musicmed_desktop.audio.truepeak import TruePeakMeter
from musicmed_desktop.disk import unwritable
from musicmed_desktop.library.pcm import Pcm
from musicmed_desktop.library.shelf import Growing, Shelf, StoredFile
from musicmed_desktop.session.record import SILENCE_DBTP, SILENCE_LUFS, Audio

SOUND = "session.flac"


class JoinedSound:
    """A FLAC file of 16 bits that grows by samples; `finish` or `discard` ends it. Raises UserError."""

    def __init__(self, shelf: Shelf, folder: str, sample_rate: int, channels: int) -> None:
        from soundfile import SoundFile

        self._growing: Growing = shelf.grow(folder, SOUND)
        self._sink = Sink(self._growing.file)
        with self._saving():
            self._flac = SoundFile(self._sink, "w", sample_rate, channels, format="FLAC", subtype="PCM_16")

    def append(self, pcm: Pcm) -> None:
        with self._saving():
            self._flac.write(pcm)

    def finish(self) -> StoredFile:
        with self._saving():
            self._flac.close()
        return self._growing.finish()

    def discard(self) -> None:
        """Without effect once it is finished."""
        from soundfile import LibsndfileError

        with suppress(LibsndfileError, AssertionError, AttributeError):  # the disk may have refused its very start
            self._flac.close()
        self._growing.discard()

    @contextmanager
    def _saving(self) -> Iterator[None]:
        """Say what the disk said: libsndfile makes an assertion of a failed write, or nothing at all."""
        from soundfile import LibsndfileError

        try:
            yield
        except (AssertionError, LibsndfileError):
            if self._sink.error is None:
                raise
        if isinstance(self._sink.error, OSError):
            raise unwritable(self._growing.path, self._sink.error) from self._sink.error
        if self._sink.error is not None:
            raise self._sink.error


class SoundMeter:
    """Length, loudness and peak of samples that come in pieces, as a record tells them."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate, self._channels, self._frames = sample_rate, channels, 0
        self._loudness, self._peak = LoudnessMeter(sample_rate, channels), TruePeakMeter(channels)

    def add(self, pcm: Pcm) -> None:
        frames = (pcm / np.float32(32768)).astype(np.float32)
        self._frames += len(frames)
        self._loudness.add(frames)
        self._peak.add(frames)

    def audio(self) -> Audio:
        return Audio(
            path=SOUND,
            sample_rate=self._rate,
            channels=self._channels,
            duration_s=self._frames / self._rate,
            loudness_lufs=max(SILENCE_LUFS, self._loudness.integrated()),
            true_peak_dbtp=max(SILENCE_DBTP, self._peak.dbtp()),
        )
