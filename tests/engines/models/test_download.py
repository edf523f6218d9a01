"""A model comes from a hub into the store: whole, paused, gone on with, once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.download import download
from musicmed_desktop.engines.models.hub import Hub, Patience
from musicmed_desktop.engines.models.licences import NotAcceptedError, accept
from musicmed_desktop.engines.models.manifest import MANIFEST
from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.engines.models.store import STAGING, Store
from musicmed_desktop.errors import UserError
from tests.fakes.hub import REVISION, FakeHub, Slow, entry_of, hub_of
from tests.fakes.musicgen import save_transformers, tiny_transformers

MODEL = "model.safetensors"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    save_transformers(tiny_transformers(), folder / "someone" / "tiny")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def entry(made: Path) -> Entry:
    return entry_of(made, "someone/tiny")


def client(fake: FakeHub) -> Hub:
    return Hub(offline=False, endpoint=fake.address, patience=Patience(waits=(0.02, 0.02), silence=1))


def pause_after(store: Store, entry: Entry, fake: FakeHub, size: int) -> None:
    """Download until so many bytes have come."""
    with pytest.raises(CancelledError):
        download(entry, store, client(fake), cancelled=lambda: store.staged(entry.name) >= size)


def staged(store: Store) -> list[str]:
    """The names of the files that wait to be gone on with."""
    return sorted(file.name for file in (store.folder / STAGING).rglob("*") if file.is_file())


@pytest.mark.parametrize("hashed", [True, False])
def test_a_model_is_downloaded_checked_and_installed(made: Path, store: Store, hashed: bool) -> None:
    told = list[Progress]()
    entry = replace(entry_of(made, "someone/tiny", hashed=hashed), title="A tiny model", base="")
    with hub_of(made) as fake:
        here = download(entry, store, client(fake), told.append)
    assert store.installed() == (here,)
    assert (here.name, here.kind) == ("tiny", "model")
    assert here.manifest is not None
    assert (here.manifest.title, here.manifest.source) == ("A tiny model", f"someone/tiny@{REVISION}")
    assert [(file.path, file.size, file.sha256) for file in here.manifest.files] == [
        (wanted.path, wanted.size, wanted.sha256) for wanted in entry_of(made, "someone/tiny").files
    ]
    names = sorted(file.name for file in here.folder.iterdir())
    assert names == sorted([MANIFEST, *(wanted.path for wanted in entry.files)])
    assert (here.folder / MODEL).read_bytes() == (made / "someone" / "tiny" / MODEL).read_bytes()
    assert list((store.folder / STAGING).iterdir()) == []
    assert {(each.work, each.total) for each in told} == {("downloading", here.size), ("checking", here.size)}
    assert [each.done for each in told if each.done == each.total] == [here.size, here.size]


def test_several_sources_make_one_model(made: Path, store: Store, tmp_path: Path, entry: Entry) -> None:
    """As an AudioCraft model and the tokenizer that it needs."""
    shutil.copytree(made / "someone" / "tiny", tmp_path / "hub" / "someone" / "weights")
    tokenizer = tmp_path / "hub" / "else" / "tokenizer"
    tokenizer.mkdir(parents=True)
    for file in (tmp_path / "hub" / "someone" / "weights").glob("tokenizer*"):
        file.rename(tokenizer / file.name)
    sources = [entry_of(tmp_path / "hub", name).sources[0] for name in ("someone/weights", "else/tokenizer")]
    with hub_of(tmp_path / "hub") as fake:
        here = download(replace(entry, sources=tuple(sources)), store, client(fake))
    assert here.manifest is not None
    assert here.manifest.source == f"someone/weights@{REVISION}, else/tokenizer@{REVISION}"
    assert {file.path for file in here.manifest.files} == {wanted.path for wanted in entry.files}


def test_a_paused_download_goes_on_where_it_stopped(made: Path, store: Store, entry: Entry) -> None:
    told = list[Progress]()
    with hub_of(made) as fake:
        pause_after(store, entry, fake, 2_000_000)
        assert store.installed() == ()
        arrived = store.staged("tiny")
        assert arrived >= 2_000_000
        part = next((store.folder / STAGING).rglob(f"{MODEL}*")).stat().st_size
        fake.requests.clear()
        here = download(entry, store, client(fake), told.append)
    assert (told[0].work, told[0].done) == ("downloading", arrived)
    asked = {request.path.rpartition("/")[2]: request.headers.get("range") for request in fake.requests[1:]}
    assert asked == {
        MODEL: f"bytes={part}-",
        f"{MODEL}?signed=yes": f"bytes={part}-",
        "tokenizer.json": None,
        "tokenizer_config.json": None,
    }
    assert store.installed() == (here,)


def test_what_was_fetched_before_is_not_believed(made: Path, store: Store, entry: Entry) -> None:
    with hub_of(made) as fake:
        pause_after(store, entry, fake, 2_000_000)
        config = next((store.folder / STAGING / "tiny").glob("config.json.*"))
        config.write_bytes(config.read_bytes().replace(b"musicgen", b"musicgem"))
        with pytest.raises(UserError, match=r"config.json has arrived damaged.") as raised:
            download(entry, store, client(fake))
        assert raised.value.hint.startswith("Download again")
        assert not config.exists()
        assert store.installed() == ()
        served = fake.served
        here = download(entry, store, client(fake))
        assert fake.served - served == (here.folder / "config.json").stat().st_size


def test_a_part_that_is_too_long_is_fetched_anew(made: Path, store: Store, entry: Entry) -> None:
    told = list[Progress]()
    with hub_of(made) as fake:
        pause_after(store, entry, fake, 1)
        part = next((store.folder / STAGING / "tiny").glob("config.json.*"))
        part.write_bytes(bytes(10_000))
        here = download(entry, store, client(fake), told.append)
    assert told[-1].done == told[-1].total == here.size


def test_what_does_not_belong_to_this_version_goes(made: Path, store: Store, entry: Entry) -> None:
    left = store.folder / STAGING / "tiny"
    (left / "sub").mkdir(parents=True)
    (left / f"{MODEL}.0123456789ab.part").write_bytes(b"of an older one")
    (left / "sub" / "notes.txt").write_bytes(b"")
    (left / MANIFEST).write_bytes(b"{}")
    (left / "linked").symlink_to(made)
    with hub_of(made) as fake:
        here = download(entry, store, client(fake))
    assert {file.name for file in here.folder.rglob("*")} == {MANIFEST, *(wanted.path for wanted in entry.files)}
    assert (made / "someone" / "tiny" / MODEL).exists()


def test_killed_while_the_files_got_their_names(made: Path, store: Store, entry: Entry) -> None:
    """The names are not believed either."""
    with hub_of(made) as fake:
        shutil.copytree(made / "someone" / "tiny", store.folder / STAGING / "tiny")
        damaged = store.folder / STAGING / "tiny" / "config.json"
        damaged.write_bytes(damaged.read_bytes()[:-1] + b" ")
        with pytest.raises(UserError, match=r"config.json has arrived damaged"):
            download(entry, store, client(fake))
        here = download(entry, store, client(fake))
        assert fake.served == (here.folder / "config.json").stat().st_size


def test_the_licence_comes_first(made: Path, store: Store, entry: Entry) -> None:
    entry = replace(entry, licence="CC-BY-NC-4.0")
    with hub_of(made) as fake:
        with pytest.raises(NotAcceptedError):
            download(entry, store, client(fake))
        assert fake.requests == []
        accept(store, "CC-BY-NC-4.0")
        assert download(entry, store, client(fake)).manifest.licence == "CC-BY-NC-4.0"  # type: ignore[union-attr]


def test_a_model_that_is_here_is_not_downloaded(made: Path, store: Store, entry: Entry) -> None:
    with hub_of(made) as fake:
        here = download(entry, store, client(fake))
        fake.requests.clear()
        with pytest.raises(UserError, match="already on this computer"):
            download(entry, store, client(fake))
        assert fake.requests == []
    assert store.installed() == (here,)


def test_what_is_no_model_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "hub" / "someone" / "photos"
    folder.mkdir(parents=True)
    (folder / "beach.txt").write_bytes(b"sun")
    with hub_of(tmp_path / "hub") as fake, pytest.raises(UserError):
        download(entry_of(tmp_path / "hub", "someone/photos"), store, client(fake))
    assert list((store.folder / STAGING).iterdir()) == []


def test_a_model_of_another_kind_than_was_promised(made: Path, store: Store, entry: Entry) -> None:
    with hub_of(made) as fake, pytest.raises(UserError, match="is not what its name says"):
        download(replace(entry, kind="adapter"), store, client(fake))
    assert list((store.folder / STAGING).iterdir()) == []


def test_space_is_looked_for_first(made: Path, store: Store, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(made)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=35_000_000))
    with hub_of(made) as fake:
        with pytest.raises(UserError, match="not enough space on the disk for Tiny") as raised:
            download(entry, store, client(fake))
        assert raised.value.hint == "It needs 38.8 MB, and 35.0 MB are free. Free some space first."
        assert fake.served == 0
    assert list((store.folder / STAGING).iterdir()) == []


def test_progress_is_told_and_cancelling_is_heard_on_a_slow_line(made: Path, store: Store, entry: Entry) -> None:
    told, began = list[tuple[float, int]](), monotonic()
    with hub_of(made) as fake:
        fake.faults.append(Slow(20_000, 0.04, where=MODEL))
        with pytest.raises(CancelledError):
            download(
                entry,
                store,
                client(fake),
                lambda progress: told.append((monotonic() - began, progress.done)),
                lambda: monotonic() - began > 1.5,
            )
        assert monotonic() - began < 2.5
        assert store.staged("tiny") > 300_000
    seconds = [at for at, _ in told]
    assert max(after - before for before, after in pairwise(seconds)) < 1
    assert len(told) >= 8
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert store.installed() == ()
    assert all(name.endswith(".part") for name in staged(store))
