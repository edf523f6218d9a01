"""What the disk says passes through libsndfile's C code."""

from __future__ import annotations

import io

import pytest
import soundfile

from musicmed_desktop.audio.disk import Sink


class Interrupted(io.BytesIO):
    def write(self, _data: object) -> int:
        raise KeyboardInterrupt


def test_an_interruption_inside_libsndfile_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    sink = Sink(Interrupted())
    with pytest.raises((AssertionError, soundfile.LibsndfileError)):
        soundfile.write(sink, [0.0] * 1_000, 44_100, format="WAV")
    assert isinstance(sink.error, KeyboardInterrupt)
    assert capfd.readouterr().err == ""
