"""Serial numbers and checksums of Ogg pages."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.audio.ogg import crc32, settle_serial


def slow_crc32(data: bytes) -> int:
    """RFC 3533, section 6: generator 0x04c11db7, initial value and final XOR 0, bit by bit."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value


@given(st.binary(max_size=200))
def test_checksum(data: bytes) -> None:
    assert crc32(data) == slow_crc32(data)


def test_own_checksums_agree_with_libsndfiles_and_only_the_serial_changes(tmp_path: Path) -> None:
    path = tmp_path / "noise.ogg"
    noise = 0.1 * np.random.default_rng(0).standard_normal((44_100, 2))
    soundfile.write(path, noise, 44_100, format="OGG", subtype="VORBIS")
    original = path.read_bytes()
    file = io.BytesIO(original)
    settle_serial(file, serial=int.from_bytes(original[14:18], "little"))
    assert file.getvalue() == original
    settle_serial(file, serial=77)
    path.write_bytes(file.getvalue())
    assert file.getvalue() != original
    with soundfile.SoundFile(path) as sound:
        assert len(sound.read()) == 44_100


@pytest.mark.parametrize("data", [b"RIFF" + bytes(40), b"OggS"])
def test_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="Ogg page"):
        settle_serial(io.BytesIO(data))
