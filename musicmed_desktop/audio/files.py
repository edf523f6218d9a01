"""Sound files: written as the music comes, read whole or in pieces (libsndfile through soundfile)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Literal, Self

from musicmed_desktop.audio.disk import Sink, Source
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.ogg import settle_serial
from musicmed_desktop.disk import unreadable, unwritable
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from soundfile import SoundFile

Format = Literal["flac", "wav", "ogg", "mp3"]

# 16 bits: their noise lies some 75 dB below the music, and the file is little more than half of one of 24 bits
SUBTYPES: dict[Format, str] = {"flac": "PCM_16", "wav": "PCM_16", "ogg": "VORBIS", "mp3": "MPEG_LAYER_III"}

_BLOCK = 1 << 16  # frames; libsndfile's Vorbis encoder overflows the stack when given minutes at once


class AudioWriter:
    """Writes frames, (n, channels), float32 in [-1, 1], to a new file; a context manager.

    The file grows beside its place as `NAME.part` and is moved there, whole and on the disk, when the context
    ends; an exception inside the context leaves nothing behind. `finish` is called with the encoded file, open for
    reading and writing, before it is moved. The same samples always give the same bytes, on one version of
    libsndfile. Raises UserError where the disk or the folder does not do its part.
    """

    def __init__(
        self,
        path: Path,
        sample_rate: int,
        channels: int,
        format: Format,
        finish: Callable[[BinaryIO], None] = lambda _: None,
    ) -> None:
        self.frames = 0  # written so far
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._rate = sample_rate
        self._channels = channels
        self._format: Format = format
        self._finish = finish

    def __enter__(self) -> Self:
        try:
            if self._path.is_dir():
                raise IsADirectoryError(self._path)
            self._file = self._part.open("w+b")
        except OSError as error:
            raise unwritable(self._path, error) from error
        self._sink = Sink(self._file)
        try:
            self._sound = self._encoder(self._sink)
        except BaseException:
            self._remove()
            raise
        return self

    def write(self, samples: Frames) -> None:
        with self._saving():
            for begin in range(0, len(samples), _BLOCK):
                self._sound.write(samples[begin : begin + _BLOCK])
        self.frames += len(samples)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._complete()
        finally:
            self._discard()

    def _encoder(self, sink: Sink) -> SoundFile:
        from soundfile import SoundFile

        subtype = SUBTYPES[self._format]
        return SoundFile(sink, "w", self._rate, self._channels, format=self._format, subtype=subtype)

    def _complete(self) -> None:
        if not self.frames:
            raise UserError("There is no music to save yet.", "Let the session play for a few seconds.")
        with self._saving():
            self._sound.close()
        with self._saving():  # another time: what follows wants to read what was written
            if self._format == "ogg":
                settle_serial(self._file)
            self._finish(self._file)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._verify()
            self._part.replace(self._path)

    def _verify(self) -> None:
        """Read the end back: what can be counted and decoded there is whole."""
        from soundfile import LibsndfileError, SoundFile

        tail = min(self.frames, _BLOCK)
        try:
            with SoundFile(self._part) as sound:
                sound.seek(self.frames - tail)
                whole = sound.frames == self.frames and len(sound.read(tail)) == tail
        except LibsndfileError:
            whole = False
        if not whole:
            raise UserError(f"{self._path} was not stored completely.", "Check the disk, or choose another one.")

    def _discard(self) -> None:
        """Close whatever is open and remove what was not completed."""
        from soundfile import LibsndfileError

        with suppress(LibsndfileError):
            self._sound.close()
        self._remove()

    def _remove(self) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink()

    @contextmanager
    def _saving(self) -> Iterator[None]:
        """Say what the disk said: libsndfile makes an assertion of a failed write, or nothing at all."""
        from soundfile import LibsndfileError

        try:
            yield
        except OSError as error:
            raise unwritable(self._path, error) from error
        except (AssertionError, LibsndfileError):
            if self._sink.error is None:
                raise
        if isinstance(self._sink.error, OSError):
            raise unwritable(self._path, self._sink.error) from self._sink.error
        if self._sink.error is not None:
            raise self._sink.error


def read_audio(source: Path | BinaryIO) -> tuple[Frames, int]:
    """The whole file as (samples, sample_rate); samples are float32, (n, channels), in [-1, 1].

    `source` is a path, or a file that is open at its start and stays open. Raises UserError where there is no such
    file, or where it is damaged, empty or not audio.
    """
    with _reading(source) as sound:
        samples: Frames = sound.read(dtype="float32", always_2d=True)
        if not len(samples):
            raise _not_audio(source, "it holds no frames")
        return samples, sound.samplerate


def blocks(source: Path | BinaryIO, seconds: float) -> Iterator[tuple[Frames, int]]:
    """The file in pieces of `seconds`, the last one shorter; each one, and the errors, are as in `read_audio`."""
    with _reading(source) as sound:
        size = round(seconds * sound.samplerate)
        samples: Frames = sound.read(size, dtype="float32", always_2d=True)
        if not len(samples):
            raise _not_audio(source, "it holds no frames")
        while len(samples):
            yield samples, sound.samplerate
            samples = sound.read(size, dtype="float32", always_2d=True)


@contextmanager
def _reading(source: Path | BinaryIO) -> Iterator[SoundFile]:
    from soundfile import LibsndfileError, SoundFile

    try:
        readable = _readable(source)
        try:
            with SoundFile(readable) as sound:
                yield sound
        finally:  # what kept the file from being read comes before what libsndfile makes of it
            if isinstance(readable, Source) and readable.error is not None:
                raise readable.error
    except OSError as error:
        raise unreadable(Path(_name(source)), error) from error
    except LibsndfileError as error:
        raise _not_audio(source, str(error)) from error


def _readable(source: Path | BinaryIO) -> Path | Source:
    if not isinstance(source, Path):
        return Source(source)
    if source.suffix.lower() == ".raw":
        raise _not_audio(source, "raw samples do not tell their format")
    source.open("rb").close()  # libsndfile's own reasons are vague
    return source


def _name(source: Path | BinaryIO) -> str:
    return str(source) if isinstance(source, Path) else "The music"


def _not_audio(source: Path | BinaryIO, detail: str) -> UserError:
    hint = "FLAC, WAV, OGG and MP3 files can be read."
    return UserError(f"{_name(source)} is not a sound file, or it is damaged.", hint, detail)
