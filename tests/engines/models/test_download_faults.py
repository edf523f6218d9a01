"""Whatever goes wrong on the way: one clear sentence, and a store that is as before or complete."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.download import download
from musicmed_desktop.engines.models.hub import Hub, Patience, TokenNeededError
from musicmed_desktop.engines.models.store import STAGING, Store
from musicmed_desktop.errors import UserError
from tests.fakes.hub import (
    Cut,
    FakeHub,
    Fault,
    IgnoreRange,
    Slow,
    Stall,
    Status,
    WrongBytes,
    WrongLength,
    entry_of,
    hub_of,
)
from tests.fakes.killing import ROOT, small_disk
from tests.fakes.musicgen import save_transformers, tiny_transformers

MODEL = "model.safetensors"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    for seed, name in enumerate(("tiny", "other")):
        save_transformers(tiny_transformers(seed=seed), folder / "someone" / name)
    return folder


@pytest.fixture
def fake(made: Path) -> Iterator[FakeHub]:
    with hub_of(made) as fake:
        yield fake


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def entry(made: Path) -> Entry:
    return entry_of(made, "someone/tiny")


def client(fake: FakeHub) -> Hub:
    return Hub(offline=False, endpoint=fake.address, patience=Patience((0.02, 0.02, 0.02), silence=0.5, longest=2))


def size_of(made: Path) -> int:
    return (made / "someone" / "tiny" / MODEL).stat().st_size


def staged(store: Store) -> dict[str, int]:
    """The sizes of the files that wait to be gone on with."""
    folder = store.folder / STAGING / "tiny"
    return {file.name.split(".", 1)[0]: file.stat().st_size for file in folder.glob("*")}


def test_a_line_that_is_cut_ten_times(fake: FakeHub, made: Path, store: Store, entry: Entry) -> None:
    places = sorted(random.Random(20).sample(range(1, size_of(made)), 10))
    fake.faults += [Cut(after - before, where=MODEL) for before, after in zip([0, *places[:-1]], places, strict=True)]
    here = download(entry, store, client(fake))
    assert store.installed() == (here,)
    ranges = [request.headers.get("range") for request in fake.requests if request.server == "storage"]
    assert ranges == [None, *(f"bytes={place}-" for place in places)]
    assert fake.served == here.size


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ([Status(401, where="/resolve/")], "only to those who have an account there"),
        ([Status(403, where="/resolve/")], "only to those who have an account there"),
        ([Status(403, where="/storage/")], "refuses to send the model .403."),
        ([Status(404, where=MODEL)], "no longer has this model"),
        ([Status(429, where="/resolve/", lasting=True)], "is too busy"),
        ([Status(500, where="/resolve/", lasting=True)], "has trouble of its own"),
        ([Status(502, where="/storage/", lasting=True)], "has trouble of its own"),
        ([WrongLength(100, where=MODEL)], f"{MODEL} arrives longer or shorter"),
        ([Cut(0, where=MODEL, lasting=True)], "was cut too often"),
        ([Stall(0, where=MODEL, lasting=True)], "has stopped answering"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_does_not_pass(fake: FakeHub, store: Store, entry: Entry, faults: list[Fault], sentence: str) -> None:
    fake.faults += faults
    with pytest.raises(UserError, match=sentence) as raised:
        download(entry, store, client(fake))
    assert raised.value.hint
    assert isinstance(raised.value, TokenNeededError) == ("account" in sentence)
    assert store.installed() == ()
    assert staged(store).get("model", 0) == 0
    fake.faults.clear()
    here = download(entry, store, client(fake))
    assert store.installed() == (here,)


@pytest.mark.parametrize(
    "faults",
    [
        [Status(429, (("Retry-After", "0"),), where="/resolve/")],
        [Status(500, where="/resolve/"), Status(503, where="/storage/")],
        [Cut(1_000_000, where=MODEL), Status(408, where=MODEL), Cut(0, where=MODEL)],
        [Stall(1_000_000, where=MODEL)],
        [Cut(100, where="/api/")],
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_passes(fake: FakeHub, store: Store, entry: Entry, faults: list[Fault]) -> None:
    fake.faults += faults
    here = download(entry, store, client(fake))
    assert store.installed() == (here,)
    assert fake.served == here.size


def test_a_server_that_always_begins_anew(fake: FakeHub, made: Path, store: Store, entry: Entry) -> None:
    fake.faults += [Cut(1_000_000, where=MODEL), IgnoreRange(where=MODEL)]
    here = download(entry, store, client(fake))
    assert store.installed() == (here,)
    assert fake.served == here.size + 1_000_000
    assert (here.folder / MODEL).read_bytes() == (made / "someone" / "tiny" / MODEL).read_bytes()


def test_bytes_that_are_wrong_cost_their_file_alone(fake: FakeHub, made: Path, store: Store, entry: Entry) -> None:
    fake.faults.append(WrongBytes(where="tokenizer.json"))
    with pytest.raises(UserError, match=r"tokenizer.json has arrived damaged"):
        download(entry, store, client(fake))
    assert store.installed() == ()
    assert staged(store)["model"] == size_of(made)
    served = fake.served
    here = download(entry, store, client(fake))
    assert fake.served - served == (here.folder / "tokenizer.json").stat().st_size
    assert store.installed() == (here,)


def fill(file: Path) -> None:
    """All that the disk has left."""
    with suppress(OSError), file.open("wb", buffering=0) as film:
        while film.write(bytes(1 << 16)):
            pass


@pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")
def test_a_disk_that_fills_up(fake: FakeHub, tmp_path: Path, entry: Entry) -> None:
    with small_disk(tmp_path / "disk", "size=48m") as disk:
        store = Store(disk / "models")
        filler = disk / "holiday.mov"

        def fills() -> bool:
            if store.staged("tiny") > 3_000_000 and not filler.exists():
                fill(filler)
            return False

        with pytest.raises(UserError, match=r"^The disk is full. Free some space"):
            download(entry, store, client(fake), cancelled=fills)
        assert store.installed() == ()
        arrived = staged(store)["model"]
        assert arrived > 2_900_000
        filler.unlink()
        here = download(entry, store, client(fake))
        assert store.installed() == (here,)
        assert fake.requests[-3].headers["range"] == f"bytes={arrived}-"


PROGRAM = """
import sys
from pathlib import Path
from musicmed_desktop.engines.models.download import download
from musicmed_desktop.engines.models.hub import Hub
from musicmed_desktop.engines.models.store import Store
from tests.fakes.hub import entry_of

address, made, models, name = sys.argv[1:]
hub, store = Hub(offline=False, endpoint=address), Store(Path(models))
download(
    entry_of(Path(made), name), store, hub, lambda progress: progress.done > 100_000 and print("coming", flush=True)
)
"""


def test_two_programs_at_once_and_one_is_killed(fake: FakeHub, made: Path, store: Store, entry: Entry) -> None:
    fake.faults.append(Slow(20_000, 0.02, where="someone/tiny/model"))  # takes 7 seconds
    command = [sys.executable, "-c", PROGRAM, fake.address, str(made), str(store.folder), "someone/tiny"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "coming\n"
        with pytest.raises(UserError, match=r"^tiny is being installed already. Wait until that has ended.$"):
            download(entry, store, client(fake))
        beside = download(entry_of(made, "someone/other"), store, client(fake))
        other.kill()
    assert store.installed() == (beside,)
    arrived = staged(store)["model"]
    assert 100_000 < arrived < size_of(made)
    here = download(entry, store, client(fake))
    assert store.installed() == (beside, here)
    assert fake.requests[-3].headers["range"] == f"bytes={arrived}-"
    assert list((store.folder / STAGING).iterdir()) == []
