from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.cache import CodeCache, Codes, Layout
from musicmed_desktop.training.codes.packing import packed, packed_size
from tests.fakes.killing import kill_while, small_disk

LAYOUT = Layout("ab" * 32, 30.0, 4, 1500)
TRACK = "track_0000948"


def some_codes(windows: int = 3, seed: int = 0, bpm: float | None = 92.5, layout: Layout = LAYOUT) -> Codes:
    codes = np.random.default_rng(seed).integers(0, 2048, (windows, 4, layout.frames), np.uint16)
    return Codes(codes, tuple(31.5 * n for n in range(windows)), bpm)


def same(one: Codes | None, other: Codes) -> bool:
    return (
        one is not None
        and one.codes.dtype == other.codes.dtype
        and np.array_equal(one.codes, other.codes)
        and (one.starts_s, one.bpm) == (other.starts_s, other.bpm)
    )


@pytest.fixture
def cache(tmp_path: Path) -> CodeCache:
    return CodeCache(tmp_path / "codes", LAYOUT)


@pytest.mark.parametrize("bpm", [92.5, None])
@pytest.mark.parametrize("windows", [1, 4])
def test_what_is_written_is_read(cache: CodeCache, windows: int, bpm: float | None) -> None:
    assert cache.read(TRACK) is None
    assert not cache.has(TRACK)
    cache.write(TRACK, some_codes(windows, bpm=bpm))
    for opened in (cache, CodeCache(cache.folder, LAYOUT)):
        assert same(opened.read(TRACK), some_codes(windows, bpm=bpm))
        assert opened.has(TRACK)


def test_files_lie_as_in_the_dataset_and_numpy_reads_them(cache: CodeCache) -> None:
    cache.write(TRACK, some_codes())
    files = {file.relative_to(cache.folder).as_posix() for file in cache.folder.rglob("*") if file.is_file()}
    assert files == {"cache.json", f"48/{TRACK}.npz"}
    with np.load(cache.folder / "48" / f"{TRACK}.npz") as arrays:
        assert np.array_equal(arrays["codes"], some_codes().codes)


@pytest.mark.parametrize("windows", [1, 2, 4])
@pytest.mark.parametrize("frames", [50, 200, 1500])
def test_their_size_is_known_before(windows: int, frames: int) -> None:
    layout = replace(LAYOUT, frames=frames)
    size = len(packed(some_codes(windows, layout=layout)))
    assert size <= packed_size(layout, windows) < size + 4500


def test_every_changed_byte_is_found(cache: CodeCache) -> None:
    cache.write(TRACK, some_codes(1))
    file, chance = cache.folder / "48" / f"{TRACK}.npz", np.random.default_rng(0)
    whole = file.read_bytes()
    edges = [*range(60), *range(len(whole) - 60, len(whole))]
    for place in [*edges, *chance.integers(0, len(whole), 100).tolist()]:
        changed = bytearray(whole)
        changed[place] ^= int(chance.integers(1, 256))
        file.write_bytes(changed)
        assert cache.read(TRACK) is None, place
    file.write_bytes(whole)
    assert same(cache.read(TRACK), some_codes(1))


@pytest.mark.parametrize("content", [b"", b"PK", bytes(10_000), packed(some_codes())[:-1], packed(some_codes()) + b"x"])
def test_a_file_that_is_something_else(cache: CodeCache, content: bytes) -> None:
    cache.write(TRACK, some_codes())
    (cache.folder / "48" / f"{TRACK}.npz").write_bytes(content)
    assert cache.read(TRACK) is None
    cache.write(TRACK, some_codes())
    assert same(cache.read(TRACK), some_codes())


def odd(**changes: Any) -> Codes:
    return replace(some_codes(), **changes)


ODD = {
    "a code beyond the codebook": odd(codes=np.full((3, 4, 1500), 2048, np.uint16)),
    "too few codebooks": odd(codes=np.zeros((3, 3, 1500), np.uint16)),
    "too few frames": odd(codes=np.zeros((3, 4, 1499), np.uint16)),
    "another type": odd(codes=np.zeros((3, 4, 1500), np.int64)),
    "too many windows": some_codes(5),
    "no window": odd(codes=np.zeros((0, 4, 1500), np.uint16), starts_s=()),
    "a start too few": odd(starts_s=(0.0, 31.5)),
    "a start before the beginning": odd(starts_s=(-1.0, 31.5, 63.0)),
    "a tempo of nothing": odd(bpm=0.0),
    "an endless tempo": odd(bpm=float("inf")),
}


@pytest.mark.parametrize("codes", ODD.values(), ids=ODD.keys())
def test_codes_that_do_not_fit_are_neither_written_nor_read(cache: CodeCache, codes: Codes) -> None:
    with pytest.raises(ValueError, match=TRACK):
        cache.write(TRACK, codes)
    cache.write(TRACK, some_codes())
    (cache.folder / "48" / f"{TRACK}.npz").write_bytes(packed(codes))
    assert cache.read(TRACK) is None


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "a.b", "../../etc/passwd", "-x", "ä1", "a\n", "a" * 101])
def test_names_that_are_no_plain_ones(cache: CodeCache, name: str) -> None:
    for call in (cache.read, cache.has, cache.refused, lambda name: cache.write(name, some_codes())):
        with pytest.raises(ValueError, match="no plain name"):
            call(name)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (replace(LAYOUT, fingerprint="cd" * 32), "by another codec."),
        (replace(LAYOUT, window_s=10.0, frames=500), "from windows of 30 seconds instead of 10."),
        (replace(LAYOUT, most=2), "with up to 4 windows of a track instead of 2."),
        (replace(LAYOUT, frames=1499), "with 1500 codes in a window instead of 1499."),
        (replace(LAYOUT, fingerprint="cd" * 32, most=2), "by another codec, with up to 4 windows"),
    ],
)
def test_a_cache_of_another_layout_is_refused_and_kept(cache: CodeCache, other: Layout, says: str) -> None:
    cache.write(TRACK, some_codes())
    with pytest.raises(UserError, match="were made") as caught:
        CodeCache(cache.folder, other)
    assert says in caught.value.title
    assert "--codes" in caught.value.hint
    assert same(CodeCache(cache.folder, LAYOUT).read(TRACK), some_codes())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"window_s": 30}', b"\xff\x00"])
def test_a_damaged_description(cache: CodeCache, content: bytes) -> None:
    (cache.folder / "cache.json").write_bytes(content)
    with pytest.raises(UserError, match=r"cache\.json is damaged"):
        CodeCache(cache.folder, LAYOUT)


def test_a_sound_file_is_refused_as_long_as_it_stays_as_it_is(cache: CodeCache, tmp_path: Path) -> None:
    file = tmp_path / "948.mp3"
    file.write_bytes(b"no music")
    assert cache.refused(TRACK) is None
    cache.refuse(TRACK, file, "its sound file is silent")
    assert CodeCache(cache.folder, LAYOUT).refused(TRACK) == "its sound file is silent"
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000_000))
    assert cache.refused(TRACK) is None
    cache.refuse(TRACK, file, "its sound file is silent")
    file.unlink()
    assert cache.refused(TRACK) is None


def test_codes_take_the_place_of_a_refusal(cache: CodeCache, tmp_path: Path) -> None:
    cache.refuse(TRACK, tmp_path / "missing.mp3", "its sound file cannot be read")
    assert cache.refused(TRACK) == "its sound file cannot be read"
    cache.write(TRACK, some_codes())
    assert cache.refused(TRACK) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"state": null, "file": 3}', b"\xff"])
def test_a_damaged_refusal_is_none(cache: CodeCache, tmp_path: Path, content: bytes) -> None:
    cache.refuse(TRACK, tmp_path / "missing.mp3", "its sound file cannot be read")
    (cache.folder / "48" / f"{TRACK}.json").write_bytes(content)
    assert cache.refused(TRACK) is None


def test_what_killed_processes_left_is_removed_but_not_what_is_being_written(cache: CodeCache) -> None:
    cache.write(TRACK, some_codes())
    old, new = (cache.folder / "48" / f".{TRACK}.npz.{name}.part" for name in ("old", "new"))
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    cache.tidy()
    assert [old.exists(), new.exists()] == [False, True]
    assert same(cache.read(TRACK), some_codes())


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        cache = CodeCache(disk / "codes", LAYOUT)
        cache.write("track_0000000", some_codes())
        with pytest.raises(UserError, match="disk is full"):
            cache.write("track_0000001", some_codes(seed=1))
        assert same(cache.read("track_0000000"), some_codes())
        assert cache.read("track_0000001") is None


WRITING = """
import sys
from pathlib import Path
from musicmed_desktop.training.codes.cache import CodeCache
from tests.training.codes.test_cache import LAYOUT, some_codes
cache = CodeCache(Path(sys.argv[1]), LAYOUT)
for number in range(100_000):
    cache.write(f"track_{number % 5:07}", some_codes(seed=number))
    print(number, flush=True)
"""


def test_a_killed_process_leaves_codes_whole(tmp_path: Path) -> None:
    """Each of five tracks is written again and again."""
    done = int(kill_while(WRITING, str(tmp_path / "codes"), seconds=0.3).split()[-1])
    assert done > 5
    cache = CodeCache(tmp_path / "codes", LAYOUT)
    for track in range(5):
        last = max(number for number in range(done + 1) if number % 5 == track)
        read = cache.read(f"track_{track:07}")
        assert same(read, some_codes(seed=last)) or (track == (done + 1) % 5 and same(read, some_codes(seed=done + 1)))
