"""A thousand broken session files: each is refused in a sentence or harmless, and nothing is written anywhere."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange import Parcel, read_parcel, write_parcel
from tests.fakes.broken_documents import IN_THE_DOCUMENTS
from tests.fakes.broken_exchange import BY_CHANCE, IN_THE_ZIP, broken_inside, broken_seal
from tests.fakes.parcels import Breaking, Honest, short_parcel

PASSPHRASE = "a walk by the river"
MEGABYTE = 1 << 20
MOST_BYTES = 24 * MEGABYTE  # of memory, for files that have some 40 kB or would swell to 30 MB
RAW = re.compile(r"Traceback|Error\b|Exception|errno|0x[0-9a-f]{6}|object at|\n|\x1b", re.IGNORECASE)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Honest:
    folder = tmp_path_factory.mktemp("honest")
    write_parcel(short_parcel(), folder / "plain.musicmed")
    write_parcel(short_parcel(), folder / "sealed.musicmed", PASSPHRASE)
    return Honest((folder / "plain.musicmed").read_bytes(), (folder / "sealed.musicmed").read_bytes())


@pytest.fixture
def arena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the program runs; whatever it wrote would lie here, or one or two folders up."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    yield folder
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", folder]


def read(content: bytes, folder: Path) -> Parcel | UserError:
    path = folder / "broken.musicmed"
    path.write_bytes(content)
    try:
        return read_parcel(path, PASSPHRASE)
    except UserError as error:
        return told(error)
    finally:
        assert path.read_bytes() == content
        path.unlink()
        assert list(folder.iterdir()) == []


def told(error: UserError) -> UserError:
    """In a sentence each for what happened and what to do."""
    assert re.fullmatch(r"\w.*\.", error.title), error.title
    assert not RAW.search(f"{error.title} {error.hint}"), error.title
    assert error.hint.endswith(".")
    return error


def mutated(ways: tuple[Breaking, ...], times: int, honest: Honest) -> Iterator[tuple[str, bytes]]:
    for number in range(times):
        way = ways[number % len(ways)]
        name = f"{way.__name__} {number}"
        yield name, way(Random(name), honest)


def test_400_files_broken_by_chance(honest: Honest, arena: Path) -> None:
    whole, refused = short_parcel(), 0
    for name, content in mutated(BY_CHANCE, 400, honest):
        outcome = read(content, arena)
        refused += isinstance(outcome, UserError)
        assert isinstance(outcome, UserError) or outcome == whole, name
    assert 250 < refused < 400  # else the mutations reach nothing, or everything is refused


@pytest.mark.parametrize(
    ("ways", "times"),
    [(IN_THE_ZIP, 200), (IN_THE_DOCUMENTS, 354), ((broken_seal,), 40), ((broken_inside,), 6)],
    ids=["in the zip", "in the documents", "in the seal's beginning", "in what is sealed"],
)
def test_600_files_broken_by_ill_will(honest: Honest, arena: Path, ways: tuple[Breaking, ...], times: int) -> None:
    taken = [name for name, content in mutated(ways, times, honest) if isinstance(read(content, arena), Parcel)]
    assert taken == []


def test_a_bomb_takes_little_memory(honest: Honest, arena: Path) -> None:
    bombs = [way for way in IN_THE_ZIP if way.__name__ in ("bomb", "vast_directory", "crowd")]
    contents = [content for _, content in mutated(tuple(bombs), 30, honest)]
    tracemalloc.start()
    try:
        for content in contents:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            assert isinstance(read(content, arena), UserError)
            assert tracemalloc.get_traced_memory()[1] - before < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_what_is_whole_is_taken(honest: Honest, arena: Path) -> None:
    """Else all of these would prove nothing."""
    assert read(honest.content, arena) == short_parcel()
    assert read(honest.sealed, arena) == short_parcel()
