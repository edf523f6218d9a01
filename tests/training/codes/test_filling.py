from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.cache import CodeCache, Layout
from musicmed_desktop.training.codes.encoder import Encoder
from musicmed_desktop.training.codes.filling import Filled, fill, needed_bytes, require_space
from musicmed_desktop.training.codes.windows import read_windows
from musicmed_desktop.training.dataset.track import Excluded, Source, Track
from tests.fakes.killing import kill_while, small_disk
from tests.training.codes.conftest import Music, sound

WINDOW_S, MOST, FRAMES = 2.0, 3, 100


def layout(encoder: Encoder) -> Layout:
    return Layout(encoder.fingerprint, WINDOW_S, MOST, FRAMES)


def source(file: Path, number: int, duration_s: float = 7.0) -> Source:
    track = Track(f"track_{number:07}", "artist_000001", "album_000001", f"00/{file.name}", duration_s, ("calm",))
    return Source(track, file)


@pytest.fixture
def cache(tmp_path: Path, encoder: Encoder) -> CodeCache:
    return CodeCache(tmp_path / "codes", layout(encoder))


class Counting:
    """An encoder that notes what it is asked for; it calls `then` behind each window."""

    def __init__(self, encoder: Encoder, then: Callable[[], None] = lambda: None) -> None:
        self.sample_rate, self.fingerprint = encoder.sample_rate, encoder.fingerprint
        self.windows: list[Tensor] = []
        self._encoder, self._then = encoder, then

    def encode(self, samples: Tensor) -> Tensor:
        self.windows += [*samples]
        self._then()
        return self._encoder.encode(samples)


def filled(sources: list[Source], cache: CodeCache, encoder: Any) -> list[Filled]:
    return list(fill(sources, cache, encoder, lambda: False))


def test_the_codes_of_all_formats(cache: CodeCache, encoder: Encoder, music: Music) -> None:
    files = [music("1.mp3", 7.0, 44_100, 2), music("2.flac", 7.0, 44_100, 2, seed=1), music("3.wav", 5.0, 22_050)]
    sources = [source(file, number) for number, file in enumerate(files)]
    assert filled(sources, cache, encoder) == [Filled(each.track.id) for each in sources]
    for each, windows in zip(sources, (3, 3, 2), strict=True):
        found, (starts_s, samples) = cache.read(each.track.id), read_windows(each.file, WINDOW_S, MOST, 32_000)
        assert found is not None
        assert found.starts_s == starts_s
        assert found.codes.shape == (windows, 4, FRAMES)
        expected = torch.cat([encoder.encode(torch.from_numpy(window[None])) for window in samples])
        assert np.array_equal(found.codes, expected.numpy())


def test_windows_may_end_within_a_frame(encoder: Encoder, music: Music, tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "codes", Layout(encoder.fingerprint, 1.99, 2, 99))
    assert filled([source(music("1.wav"), 1)], cache, encoder) == [Filled("track_0000001")]
    found = cache.read("track_0000001")
    assert found is not None
    assert found.codes.shape == (2, 4, 99)


def test_the_tempo_is_kept(encoder: Encoder, tmp_path: Path) -> None:
    samples = 0.01 * sound(12.0, 32_000)[:, 0]
    samples[::16_000] = 0.9  # two a second
    soundfile.write(tmp_path / "1.wav", samples, 32_000)
    cache = CodeCache(tmp_path / "codes", Layout(encoder.fingerprint, 6.0, 2, 300))
    filled([source(tmp_path / "1.wav", 1)], cache, encoder)
    found = cache.read("track_0000001")
    assert found is not None
    assert found.bpm == pytest.approx(120, rel=0.015)


def test_nothing_is_computed_twice(cache: CodeCache, encoder: Encoder, music: Music) -> None:
    sources = [source(music(f"{n}.wav", seed=n), n) for n in range(3)]
    first, again = Counting(encoder), Counting(encoder)
    assert filled(sources[:2], cache, first) == filled(sources, cache, again)[:2]
    assert [len(first.windows), len(again.windows)] == [4, 2]


def test_a_damaged_file_is_computed_again(cache: CodeCache, encoder: Encoder, music: Music) -> None:
    sources = [source(music(f"{n}.wav", seed=n), n) for n in range(2)]
    filled(sources, cache, encoder)
    damaged = cache.folder / "01" / "track_0000001.npz"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1])
    again = Counting(encoder)
    filled(sources, cache, again)
    assert len(again.windows) == 2
    assert damaged.read_bytes() == whole


def broken(folder: Path, music: Music) -> dict[str, str]:
    """Sound files that cannot be used, and why."""
    folder.mkdir()
    half = music("bad/half.mp3", 3.0).read_bytes()
    soundfile.write(folder / "short.wav", sound(1.9, 32_000), 32_000)
    nan = np.full(5 * 32_000, np.nan, np.float32)
    soundfile.write(folder / "nan.wav", nan, 32_000, subtype="FLOAT")
    soundfile.write(folder / "empty.flac", nan[:0], 32_000)
    soundfile.write(folder / "silent.wav", np.zeros(5 * 32_000, np.float32), 32_000)
    for name, content in {"zero.mp3": b"", "text.mp3": b"Not found" * 999, "half.mp3": half[: len(half) // 2]}.items():
        (folder / name).write_bytes(content)
    (folder / "folder.mp3").mkdir()
    return {
        "nan.wav": "is damaged",
        "empty.flac": "holds no music",
        "silent.wav": "is silent",
        "zero.mp3": "holds no music",
        "text.mp3": "is not a sound file, or it is damaged",
        "half.mp3": "is damaged",
        "short.wav": "is shorter than 2 seconds",
        "folder.mp3": "cannot be read",
        "missing.mp3": "cannot be read",
    }


def test_bad_sound_is_counted_and_listed(cache: CodeCache, encoder: Encoder, music: Music, tmp_path: Path) -> None:
    reasons = broken(tmp_path / "broken", music)
    bad = [source(tmp_path / "broken" / name, number) for number, name in enumerate(reasons)]
    sources = [source(music("a.wav"), 100), *bad, source(music("b.wav"), 101)]
    expected = [
        Filled(each.track.id, Excluded(each.track.id, each.track.path, f"its sound file {reason}"))
        for each, reason in zip(bad, reasons.values(), strict=True)
    ]
    expected = [Filled("track_0000100"), *expected, Filled("track_0000101")]
    assert filled(sources, cache, encoder) == expected
    again = Counting(encoder)
    assert filled(sources, cache, again) == expected
    assert not again.windows
    assert [cache.refused(each.track.id) for each in bad] == [f"its sound file {reason}" for reason in reasons.values()]


def test_a_mended_file_is_used(cache: CodeCache, encoder: Encoder, music: Music, tmp_path: Path) -> None:
    sources = [source(tmp_path / "a.wav", 1), source(tmp_path / "b.wav", 2)]
    (tmp_path / "a.wav").write_bytes(b"nothing")
    assert all(each.excluded for each in filled(sources, cache, encoder))
    music("a.wav")
    music("b.wav")
    assert filled(sources, cache, encoder) == [Filled("track_0000001"), Filled("track_0000002")]
    assert cache.refused("track_0000001") is cache.refused("track_0000002") is None


def test_it_ends_within_a_track_when_cancelled(cache: CodeCache, encoder: Encoder, music: Music) -> None:
    sources = [source(music(f"{n}.wav", 7.0, seed=n), n) for n in range(3)]
    counting = Counting(encoder)
    told = list(fill(sources, cache, counting, lambda: len(counting.windows) >= 4))  # type: ignore[arg-type]
    assert told == [Filled("track_0000000")]
    assert len(counting.windows) == 4
    assert cache.read("track_0000001") is None
    again = Counting(encoder)
    assert len(filled(sources, cache, again)) == 3
    assert len(again.windows) == 6


def test_the_cache_of_another_codec(encoder: Encoder, tmp_path: Path) -> None:
    other = CodeCache(tmp_path, Layout("ab" * 32, WINDOW_S, MOST, FRAMES))
    with pytest.raises(ValueError, match="another codec"):
        filled([], other, encoder)


def test_the_room_that_is_needed(cache: CodeCache, encoder: Encoder, music: Music) -> None:
    sources = [source(music("0.wav"), 0, 5.0), source(music("1.wav", 9.0), 1, 9.0), source(music("2.wav"), 2, 0.1)]
    before = needed_bytes(sources, cache)
    filled(sources, cache, encoder)
    used = sum(file.stat().st_size for file in cache.folder.rglob("*.npz"))
    assert used <= before <= used + 3 * 4096
    assert needed_bytes(sources, cache) == 0


def test_too_small_a_disk_is_told_before_any_work(encoder: Encoder, music: Music, tmp_path: Path) -> None:
    file = music("a.wav")
    with small_disk(tmp_path / "small", "size=40m") as disk:
        cache = CodeCache(disk / "codes", layout(encoder))
        require_space([source(file, n) for n in range(500)], cache)
        with pytest.raises(UserError, match="not enough space on the disk for the codes"):
            require_space([source(file, n) for n in range(5000)], cache)


def test_too_little_room_by_what_the_system_says(
    cache: CodeCache, music: Music, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, 32_010_000))
    sources = [source(music("a.wav"), n) for n in range(3)]
    require_space(sources[:2], cache)
    with pytest.raises(UserError, match="not enough space"):
        require_space(sources, cache)


def test_a_disk_that_is_full_all_the_same(encoder: Encoder, music: Music, tmp_path: Path) -> None:
    sources = [source(music(f"{n}.wav", seed=n), n) for n in range(6)]
    with small_disk(tmp_path / "small", "size=64k") as disk:
        (disk / "filler").write_bytes(bytes(40_000))
        cache = CodeCache(disk / "codes", layout(encoder))
        with pytest.raises(UserError, match="disk is full"):
            filled(sources, cache, encoder)
        there = [each for each in sources if cache.read(each.track.id)]
        assert 0 < len(there) < 6
        (disk / "filler").unlink()
        rest = Counting(encoder)
        assert filled(sources, cache, rest) == [Filled(each.track.id) for each in sources]
        assert len(rest.windows) == 2 * (6 - len(there))


FILLING = """
import sys, torch
from pathlib import Path
from musicmed_desktop.training.codes.cache import CodeCache
from musicmed_desktop.training.codes.encoder import Encoder
from musicmed_desktop.training.codes.filling import fill
from tests.training.codes.test_filling import layout, source
torch.set_num_threads(1)
folder, music = Path(sys.argv[1]), sorted(Path(sys.argv[2]).iterdir())
encoder = Encoder(folder)
cache = CodeCache(Path(sys.argv[3]), layout(encoder))
for told in fill([source(file, n) for n, file in enumerate(music)], cache, encoder, lambda: False):
    print(told.track, flush=True)
"""


def test_what_was_killed_goes_on(folder: Path, encoder: Encoder, music: Music, tmp_path: Path) -> None:
    files = [music(f"music/{n:03}.wav", 7.0, 8_000, seed=n) for n in range(25)]
    sources, place = [source(file, n) for n, file in enumerate(files)], tmp_path / "codes"
    told = kill_while(FILLING, str(folder), str(tmp_path / "music"), str(place), seconds=0.1).split()
    cache = CodeCache(place, layout(encoder))
    there = {file: file.stat().st_mtime_ns for file in place.rglob("*.npz")}
    whole = [each for each in sources if cache.read(each.track.id)]
    assert 0 < len(told) <= len(whole) == len(there) < len(sources)
    rest = Counting(encoder)
    assert filled(sources, cache, rest) == [Filled(each.track.id) for each in sources]
    assert len(rest.windows) == MOST * (len(sources) - len(whole))
    assert all(file.stat().st_mtime_ns == then for file, then in there.items())
    assert all(cache.read(each.track.id) for each in sources)
