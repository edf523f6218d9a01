"""Sound files on real disks: whole, empty, full, read-only and broken ones."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import soundfile

from musicmed_desktop.audio.files import SUBTYPES, AudioWriter, Format, blocks, read_audio
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.errors import UserError

Noise = Callable[..., Frames]

RATE = 44_100
FORMATS = list(SUBTYPES)


def save(path: Path, samples: Frames, format: Format) -> Path:
    with AudioWriter(path, RATE, samples.shape[1], format) as writer:
        for begin in range(0, len(samples), 30_001):
            writer.write(samples[begin : begin + 30_001])
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mount(folder: Path, options: str) -> None:
    """Mount a memory disk, which only root on Linux can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux to mount a disk")
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let root mount a disk")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    mount(tmp_path / "tiny", "size=64k")
    yield tmp_path / "tiny"
    subprocess.run(["umount", str(tmp_path / "tiny")], check=True)


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    mount(tmp_path / "fixed", "ro")
    yield tmp_path / "fixed"
    subprocess.run(["umount", str(tmp_path / "fixed")], check=True)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_written_can_be_read(tmp_path: Path, noise: Noise, format: Format, channels: int) -> None:
    music = noise(3.7, channels=channels)
    path = save(tmp_path / f"music.{format}", music, format)
    samples, rate = read_audio(path)
    assert (samples.shape, rate) == (music.shape, RATE)
    assert samples.dtype == np.float32
    tolerance = 2.0**-15 if SUBTYPES[format] == "PCM_16" else 0.1
    np.testing.assert_allclose(samples, music, atol=tolerance)
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_samples_give_the_same_bytes(tmp_path: Path, noise: Noise, format: Format) -> None:
    first, second = (save(tmp_path / name, noise(2.0), format) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert save(tmp_path / "other", noise(2.0, seed=1), format).read_bytes() != first.read_bytes()


def test_minutes_in_one_write(tmp_path: Path, noise: Noise) -> None:
    music = np.tile(noise(10.0, channels=1), (6, 1))
    with AudioWriter(tmp_path / "long.ogg", RATE, 1, "ogg") as writer:
        writer.write(music)
    assert writer.frames == soundfile.info(tmp_path / "long.ogg").frames == len(music)


def test_nothing_lies_under_the_final_name_before_the_end(tmp_path: Path, noise: Noise) -> None:
    path = tmp_path / "music.flac"
    with AudioWriter(path, RATE, 2, "flac") as writer:
        writer.write(noise(1.0))
        assert not path.exists()
    assert path.exists()


def test_an_interruption_leaves_nothing_but_what_was_there(tmp_path: Path, noise: Noise) -> None:
    path = save(tmp_path / "music.flac", noise(1.0), "flac")
    before = path.read_bytes()
    writer = AudioWriter(path, RATE, 2, "flac")
    writer.__enter__()
    writer.write(noise(2.0))
    writer.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["music.flac"]


def test_a_rate_that_the_format_does_not_know_leaves_nothing(tmp_path: Path) -> None:
    writer = AudioWriter(tmp_path / "music.mp3", 96_001, 2, "mp3")
    with pytest.raises(soundfile.LibsndfileError):
        writer.__enter__()
    assert names(tmp_path) == []


def test_no_music_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no music"), AudioWriter(tmp_path / "music.flac", RATE, 2, "flac"):
        pass
    assert names(tmp_path) == []


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("seconds", [0.2, 5.0])  # fails at the end, and in the midst
def test_a_full_device(tmp_path: Path, noise: Noise, format: Format, seconds: float) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "music.part").symlink_to("/dev/full")
    with pytest.raises(UserError, match=r"The disk is full\. Free some space"):
        save(tmp_path / "music", noise(5.0)[: round(seconds * RATE)], format)
    assert names(tmp_path) == []


@pytest.mark.parametrize("format", FORMATS)
def test_a_disk_that_fills_up(tiny_disk: Path, noise: Noise, format: Format) -> None:
    with pytest.raises(UserError, match="The disk is full"):
        save(tiny_disk / "music", noise(10.0), format)
    assert names(tiny_disk) == []


@pytest.mark.parametrize("format", FORMATS)
def test_a_limit_on_the_size_of_files(tmp_path: Path, noise: Noise, format: Format) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limits on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))
    try:
        with pytest.raises(UserError, match=r"could not be written\. Choose another folder"):
            save(tmp_path / "music", noise(5.0), format)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(tmp_path) == []


def test_a_read_only_disk(read_only_disk: Path, noise: Noise) -> None:
    with pytest.raises(UserError, match="is read-only"):
        save(read_only_disk / "music.flac", noise(1.0), "flac")


def test_a_folder_of_somebody_else(tmp_path: Path, noise: Noise) -> None:
    if sys.platform == "win32" or os.geteuid() == 0:
        pytest.skip("root may write everywhere, and Windows has other permissions")
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="You may not write"):
        save(tmp_path / "music.flac", noise(1.0), "flac")


def test_folders_that_do_not_fit(tmp_path: Path, noise: Noise) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        save(tmp_path / "missing" / "music.flac", noise(1.0), "flac")
    (tmp_path / "music.flac").mkdir()
    with pytest.raises(UserError, match="is a folder, not a file"):
        save(tmp_path / "music.flac", noise(1.0), "flac")
    assert names(tmp_path) == ["music.flac"]


def test_pieces_add_up_to_the_file(tmp_path: Path, noise: Noise) -> None:
    path = save(tmp_path / "music.wav", noise(7.3), "wav")
    pieces = list(blocks(path, 3.0))
    assert [len(samples) for samples, _ in pieces] == [3 * RATE, 3 * RATE, round(1.3 * RATE)]
    assert {rate for _, rate in pieces} == {RATE}
    np.testing.assert_array_equal(np.concatenate([samples for samples, _ in pieces]), read_audio(path)[0])


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_open_is_read_as_what_lies_on_the_disk(tmp_path: Path, noise: Noise, format: Format) -> None:
    path = save(tmp_path / "music", noise(3.0), format)
    with path.open("rb") as opened:
        samples, rate = read_audio(opened)
        opened.seek(0)
        pieces = [piece for piece, _ in blocks(opened, 2.0)]
        assert not opened.closed
    np.testing.assert_array_equal(samples, read_audio(path)[0])
    np.testing.assert_array_equal(samples, np.concatenate(pieces))
    assert rate == RATE


def test_what_is_open_and_not_audio() -> None:
    with pytest.raises(UserError, match="The music is not a sound file, or it is damaged"):
        read_audio(io.BytesIO(b"Dear diary"))


@pytest.mark.parametrize(
    ("error", "expected", "message"),
    [
        (OSError(5, "Input/output error"), UserError, "could not be read"),
        (UserError("The library is locked."), UserError, "locked"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ],
)
def test_a_file_that_fails_while_it_is_read(
    noise: Noise,
    tmp_path: Path,
    error: BaseException,
    expected: type[BaseException],
    message: str | None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 200_000:
                raise error
            return super().read(size)

    for format in ("flac", "wav"):
        source = Failing(save(tmp_path / "music", noise(6.0), format).read_bytes())
        with pytest.raises(expected, match=message):
            list(blocks(source, 0.5))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_finished_before_it_gets_its_name(tmp_path: Path, noise: Noise, format: Format) -> None:
    path = tmp_path / "music"
    heads = []

    def finish(file: BinaryIO) -> None:
        assert not path.exists()
        file.seek(0)
        heads.append(file.read(100))

    with AudioWriter(path, RATE, 2, format, finish) as writer:
        writer.write(noise(1.0))
    assert [path.read_bytes()[:100]] == heads


def test_a_file_that_cannot_be_finished_is_not_there(tmp_path: Path, noise: Noise) -> None:
    def ruin(file: BinaryIO) -> None:
        file.truncate(1_000)

    writer = AudioWriter(tmp_path / "music", RATE, 2, "flac", ruin)
    with pytest.raises(UserError, match="was not stored completely"), writer:
        writer.write(noise(1.0))
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"Dear diary, " * 1_000),
        ("empty.wav", b""),
        ("noise.flac", b"fLaC" + bytes(500)),
        ("noise.ogg", b"OggS" + b"1" * 3_000),
        ("samples.raw", b"123" * 100),
    ],
)
def test_what_is_not_audio(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name} is not a sound file, or it is damaged"):
        read_audio(tmp_path / name)
    with pytest.raises(UserError, match="not a sound file"):
        next(blocks(tmp_path / name, 30.0))


def test_a_file_that_breaks_off(tmp_path: Path, noise: Noise) -> None:
    path = save(tmp_path / "music.flac", noise(6.0), "flac")
    path.write_bytes(path.read_bytes()[:300_000])
    with pytest.raises(UserError, match="damaged"):
        read_audio(path)
    with pytest.raises(UserError, match="damaged"):
        list(blocks(path, 1.0))


def test_a_file_without_frames(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "none.wav", np.zeros((0, 2)), RATE)
    with pytest.raises(UserError, match="damaged"):
        read_audio(tmp_path / "none.wav")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read_audio(tmp_path / "missing.flac")
    with pytest.raises(UserError, match="is a folder"):
        read_audio(tmp_path)
