"""What a patient reads when a disk refuses, and what passes through libsndfile's C code."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest
import soundfile

from musicmed_desktop.audio.disk import Sink, unreadable, unwritable

PATH = Path("sessions") / "music.flac"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EDQUOT, "The disk is full."),
        (errno.EROFS, "The disk that holds sessions is read-only."),
        (errno.ENOENT, "There is no folder sessions."),
        (errno.EACCES, f"You may not write {PATH}."),
        (errno.EIO, f"{PATH} could not be written."),
    ],
)
def test_reasons_for_not_writing(number: int, sentence: str) -> None:
    error = unwritable(PATH, OSError(number, "reason"))
    assert error.title == sentence
    assert error.hint
    assert "reason" in error.detail


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOENT, f"There is no file {PATH}."),
        (errno.EISDIR, f"{PATH} is a folder, not a file."),
        (errno.EACCES, f"You may not read {PATH}."),
        (errno.EIO, f"{PATH} could not be read."),
    ],
)
def test_reasons_for_not_reading(number: int, sentence: str) -> None:
    error = unreadable(PATH, OSError(number, "reason"))
    assert error.title == sentence
    assert error.hint


class Interrupted(io.BytesIO):
    def write(self, _data: object) -> int:
        raise KeyboardInterrupt


def test_an_interruption_inside_libsndfile_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    sink = Sink(Interrupted())
    with pytest.raises((AssertionError, soundfile.LibsndfileError)):
        soundfile.write(sink, [0.0] * 1_000, 44_100, format="WAV")
    assert isinstance(sink.error, KeyboardInterrupt)
    assert capfd.readouterr().err == ""
