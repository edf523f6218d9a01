"""Models that come broken, cut off, exchanged or hostile: each is refused in a sentence, and leaves nothing behind."""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from musicmed_desktop.engines.models.exporting import export_model
from musicmed_desktop.engines.models.importing import import_model
from musicmed_desktop.engines.models.store import STAGING, Installed, Store
from musicmed_desktop.errors import UserError
from tests.fakes.broken_files import BROKEN_FILES, Breaking, put
from tests.fakes.broken_zips import BROKEN_ZIPS, Zipping
from tests.fakes.models import agreed_store, copied, in_hub_cache, installed, save_model, zipped
from tests.fakes.places import single_thread

TIMES = 10  # each way, with other chances
SLOW_S = 2.0  # for a refusal; most take some milliseconds
RAW = re.compile(r"Traceback|Error\b|Exception|errno|0x[0-9a-f]{6}|object at|\n|\x1b", re.IGNORECASE)


class Place:
    """A store with a model in it, and a whole model to be broken; `refuses` proves that nothing else changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole = save_model(folder / "whole" / "calm-music")
        self.store = agreed_store(folder / "around" / "store")
        self.here = installed(self.whole, self.store, "innocent")
        self.exported = export_model(self.here, folder / "whole")
        (folder / "around" / "precious.txt").write_text("Dear Ada")

    def refuses(self, path: Path) -> None:
        before, began = state(self.folder), time.monotonic()
        try:
            taken = import_model(path, self.store, "newcomer")
        except UserError as error:
            told = error
        else:
            self.store.remove(taken.name)
            pytest.fail(f"{path} was taken")
        assert time.monotonic() - began < SLOW_S
        assert_told(told, path)
        assert state(self.folder) == before
        assert list((self.store.folder / STAGING).iterdir()) == []


def assert_told(error: UserError, path: Path) -> None:
    """A sentence about something that a person knows: what they chose, or a file in it."""
    assert re.fullmatch(r"[A-Z'/\w].*\.", error.title), error.title
    assert len(error.title) < 600
    assert not RAW.search(error.title), error.title
    assert path.name in error.title, error.title
    assert error.hint.endswith(".")
    assert STAGING not in f"{error.title} {error.hint} {error.detail}"


def state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """What lies there, and when it was changed last."""
    found = {}
    for at, _, files in os.walk(folder):
        for name in (".", *files):
            status = os.lstat(os.path.join(at, name))  # noqa: PTH118 - a hundred thousand times
            changed = status.st_mtime_ns if name != "." else 0
            found[f"{at}/{name}"] = (status.st_ino, status.st_size if name != "." else 0, changed)
    return found


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def arena(place: Place) -> Iterator[Path]:
    """Beside the store; what is broken here does not stay."""
    folder = place.folder / "around" / "broken"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def chances(way: Callable[..., object], times: int = TIMES) -> list[random.Random]:
    return [random.Random(f"{way.__name__} {number}") for number in range(times)]


@pytest.mark.parametrize("way", BROKEN_FILES, ids=lambda way: way.__name__)
def test_a_broken_folder(place: Place, arena: Path, way: Breaking) -> None:
    for number, chance in enumerate(chances(way)):
        folder = copied(place.whole, arena / f"broken-{number}")
        way(chance, folder)
        place.refuses(folder)
        shutil.rmtree(folder)


@pytest.mark.parametrize("way", BROKEN_FILES, ids=lambda way: way.__name__)
def test_a_zip_of_a_broken_folder(place: Place, arena: Path, way: Breaking) -> None:
    for number, chance in enumerate(chances(way, 3)):
        folder = copied(place.whole, arena / f"broken-{number}")
        way(chance, folder)
        swollen = sum(file.stat().st_size for file in folder.iterdir()) > 10**8
        place.refuses(folder if swollen else zipped(folder, arena / f"broken-{number}.zip", packed=False))
        shutil.rmtree(folder)


@pytest.mark.parametrize("way", BROKEN_ZIPS, ids=lambda way: way.__name__)
def test_a_broken_zip(place: Place, arena: Path, way: Zipping) -> None:
    for number, chance in enumerate(chances(way)):
        file = arena / f"broken-{number}.zip"
        way(chance, place.whole, file)
        place.refuses(file)
        file.unlink()


def test_one_flipped_bit_anywhere_in_an_exported_folder(place: Place, arena: Path) -> None:
    for number, chance in enumerate(chances(test_one_flipped_bit_anywhere_in_an_exported_folder, 30)):
        folder = copied(place.exported, arena / f"broken-{number}")
        file = chance.choice([file for file in sorted(folder.iterdir()) if file.name != "musicmed.json"])
        content = bytearray(file.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        put(file, bytes(content))
        place.refuses(folder)


def broken_record(chance: random.Random, folder: Path) -> None:
    file = folder / "musicmed.json"
    content = file.read_bytes()
    put(
        file, chance.choice([content[: chance.randrange(len(content) - 2)], b"", b"[]", b"[" * 10**5, b'{"files": []}'])
    )


def lost_file(chance: random.Random, folder: Path) -> None:
    chance.choice([file for file in sorted(folder.iterdir()) if file.name != "musicmed.json"]).unlink()


def other_hash(chance: random.Random, folder: Path) -> None:
    text = (folder / "musicmed.json").read_text()
    hashes = re.findall(r"[0-9a-f]{64}", text)
    put(folder / "musicmed.json", text.replace(chance.choice(hashes), chance.randbytes(32).hex()).encode())


@pytest.mark.parametrize("way", [broken_record, lost_file, other_hash], ids=lambda way: way.__name__)
def test_a_broken_export(place: Place, arena: Path, way: Breaking) -> None:
    for number, chance in enumerate(chances(way)):
        folder = copied(place.exported, arena / f"broken-{number}")
        way(chance, folder)
        place.refuses(folder)


def linked(chance: random.Random, folder: Path) -> None:
    """To a file elsewhere, to nothing, to itself, to a pipe that never ends, to a device."""
    file = folder / chance.choice(["config.json", "model.safetensors", "tokenizer.json"])
    target = folder.parent / "elsewhere"
    if not target.exists():
        shutil.copyfile(file, target)
    file.unlink()
    to = chance.choice([target, Path("nowhere"), file, Path("/dev/zero"), Path("..", "elsewhere"), None])
    if to:
        file.symlink_to(to)
    else:
        os.mkfifo(file)


def folder_for_a_file(chance: random.Random, folder: Path) -> None:
    file = folder / chance.choice(["config.json", "model.safetensors", "tokenizer.json"])
    file.unlink()
    file.mkdir()


@pytest.mark.skipif(os.name == "nt", reason="Windows makes no links without asking")
@pytest.mark.parametrize("way", [linked, folder_for_a_file], ids=lambda way: way.__name__)
def test_what_is_no_file(place: Place, arena: Path, way: Breaking) -> None:
    for number, chance in enumerate(chances(way)):
        folder = copied(place.whole, arena / f"broken-{number}")
        way(chance, folder)
        place.refuses(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows makes no links without asking")
def test_a_broken_cache(place: Place, arena: Path) -> None:
    for number, chance in enumerate(chances(test_a_broken_cache)):
        repository = in_hub_cache(place.whole, arena, name=f"broken-{number}")
        link = repository / "snapshots" / ("a" * 40) / chance.choice(["config.json", "model.safetensors"])
        blob = link.resolve()
        link.unlink()
        to = chance.choice([Path("gone"), place.whole / link.name, Path("/dev/zero"), Path("../../../../x"), None])
        if to:
            link.symlink_to(to)
        else:
            link.symlink_to(blob)
            blob.write_bytes(blob.read_bytes()[: chance.randrange(100)])
        place.refuses(repository)


def test_what_is_whole_is_taken(place: Place, tmp_path: Path) -> None:
    """Else all of these would prove nothing."""
    store = Store(place.store.folder)
    ways = {"folder": place.whole, "zip": zipped(place.whole, tmp_path / "a.zip"), "export": place.exported}
    taken: list[Installed] = [import_model(path, store, name) for name, path in ways.items()]
    assert [model.kind for model in taken] == ["model"] * 3
    for model in taken:
        store.remove(model.name)
