"""`musicmed models download`, against a hub on this computer."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import TypeAdapter

from musicmed_desktop.engines.models import catalogue
from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.paths import HOME
from tests.fakes.hub import FakeHub, Slow, Status, entry_of, hub_of
from tests.fakes.killing import ROOT
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.terminal import terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

REPOSITORY = "somebody/tiny"
WITH_CATALOGUE = """
import sys
from pydantic import TypeAdapter
from musicmed_desktop import cli
from musicmed_desktop.engines.models import catalogue
entry = TypeAdapter(catalogue.Entry).validate_json(sys.argv[1])
catalogue.catalogue = lambda: (entry,)
sys.exit(cli.main(sys.argv[2:]))
"""
DOWNLOAD = ("models", "download", "tiny")
ACCEPTED = (*DOWNLOAD, "--accept-licence")
SLOWLY = Slow(50_000, 0.1, where="model.safetensors")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    save_transformers(tiny_transformers(), folder / REPOSITORY)
    return folder


@pytest.fixture
def hub(served: Path) -> Iterator[FakeHub]:
    with hub_of(served) as hub:
        yield hub


@pytest.fixture
def entry(served: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """The only one of the catalogue."""
    entry = replace(entry_of(served, REPOSITORY), licence="CC-BY-NC-4.0")
    monkeypatch.setattr(catalogue, "catalogue", lambda: (entry,))
    return entry


@pytest.fixture
def store(tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(HOME, str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", hub.address)  # which huggingface_hub has read in this process already
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.address)
    addresses = hub.address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", addresses)
    return Store(tmp_path / "models")


def started(entry: Entry, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WITH_CATALOGUE, as_json(entry), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def as_json(entry: Entry) -> str:
    return TypeAdapter(Entry).dump_json(entry, exclude_defaults=True).decode()


def wait_until_some_is_here(store: Store, running: subprocess.Popen[str]) -> None:
    while store.staged("tiny") < 200_000:
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)


def is_as_served(store: Store, served: Path) -> bool:
    there = {file.relative_to(served / REPOSITORY): file.read_bytes() for file in (served / REPOSITORY).rglob("*")}
    folder = store.find("tiny").folder
    return all((folder / path).read_bytes() == content for path, content in there.items())


@pytest.mark.usefixtures("entry")
def test_it_is_downloaded_once_and_whole(musicmed: Musicmed, store: Store, hub: FakeHub, served: Path) -> None:
    ran = musicmed(*ACCEPTED)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Downloading tiny, 6.8 MB. Ctrl-C pauses.")
    assert ran.out.splitlines()[1:] == [f"Done: tiny is in {store.folder / 'tiny'}. From now on it needs no network."]
    assert ran.err.startswith("Licence: Creative Commons Attribution-NonCommercial 4.0")
    assert is_as_served(store, served)
    asked = len(hub.requests)
    again = musicmed(*DOWNLOAD)
    assert (again.code, again.out.partition(".")[0]) == (0, "tiny is here already")
    assert len(hub.requests) == asked


@pytest.mark.usefixtures("entry")
def test_without_a_yes_to_the_licence_nothing_is_asked_of_the_hub(
    musicmed: Musicmed, store: Store, hub: FakeHub
) -> None:
    ran = musicmed(*DOWNLOAD)
    assert ran.code == 2
    assert ran.err.endswith("has not been accepted yet. Where you agree to the licence, add --accept-licence.\n")
    assert (hub.requests, store.folder.exists()) == ([], False)


@pytest.mark.usefixtures("entry", "store")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--offline", *ACCEPTED), "--offline forbids every download."),
        ((*ACCEPTED, "--offline", "--token"), "--offline forbids every download."),
        ((*ACCEPTED, "--token"), "This app is set to stay offline."),
    ],
)
def test_offline_forbids_it(
    musicmed: Musicmed, hub: FakeHub, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    if "--offline" not in arguments:
        (tmp_path / "settings.json").write_text('{"offline": true}')
    ran = musicmed(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(sentence)
    assert "import" in ran.err
    assert hub.requests == []


@pytest.mark.usefixtures("entry")
def test_what_the_hub_refuses_is_a_sentence(musicmed: Musicmed, store: Store, hub: FakeHub) -> None:
    hub.faults.append(Status(404, where="/resolve/", lasting=True))
    ran = musicmed(*ACCEPTED)
    assert ran.code == 2
    assert ran.err.endswith("You can also get the model on a stick, and import it.\n")
    hub.faults[:] = [Status(401, (("X-Error-Code", "GatedRepo"),))]
    ran = musicmed(*ACCEPTED)
    assert ran.code == 2
    assert ran.err.endswith(" With --token this command asks for it.\n")
    assert store.installed() == ()


def test_killed_in_the_middle_it_goes_on_by_the_same_command(
    musicmed: Musicmed, entry: Entry, store: Store, hub: FakeHub, served: Path
) -> None:
    hub.faults.append(SLOWLY)
    with started(entry, *ACCEPTED) as running:
        wait_until_some_is_here(store, running)
        running.kill()
    assert store.installed() == ()
    kept = store.staged("tiny")
    ran = musicmed(*DOWNLOAD)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Going on with tiny: {kept / 1e3:.0f} kB of 6.8 MB are here.")
    assert is_as_served(store, served)
    assert hub.served < entry.download + 200_000  # what was on the way when it was killed


@pytest.mark.skipif(os.name == "nt", reason="Windows has other terminals")
def test_on_a_terminal_it_asks_shows_how_far_it_is_and_ctrl_c_pauses(
    musicmed: Musicmed, entry: Entry, store: Store, hub: FakeHub
) -> None:
    hub.faults.append(SLOWLY)
    with terminal(WITH_CATALOGUE, as_json(entry), *DOWNLOAD, "--token", environ=os.environ) as person:
        person.wait_for("Token (not shown)")
        person.type("hf_secret")
        person.wait_for("Do you accept this licence? [y/N]")
        person.type("y")
        for words in ("Downloading", "kB of 6.8 MB, ", "kB/s, ", " left"):
            person.wait_for(words)
        person.press_ctrl_c()
        assert person.end() == 130
    kept = f"{store.staged('tiny') / 1e3:.0f} kB"
    assert f'Paused. {kept} of 6.8 MB are kept; "musicmed models download tiny" goes on.' in person.said
    assert "hf_secret" not in person.said
    assert all(b"hf_secret" not in file.read_bytes() for file in store.folder.parent.rglob("*") if file.is_file())
    asked = {request.headers.get("authorization") for request in hub.requests if request.server == "hub"}
    assert asked == {"Bearer hf_secret"}
    assert f"6.8 MB, {kept} here" in musicmed("models", "list").out
    ran = musicmed("models", "remove", "tiny", "--yes")
    assert (ran.code, ran.out) == (0, f"Thrown away: what was here of tiny, {kept}.\n")
    assert store.staged("tiny") == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has other terminals")
def test_who_does_not_accept_the_licence_gets_nothing(entry: Entry, store: Store, hub: FakeHub) -> None:
    with terminal(WITH_CATALOGUE, as_json(entry), *DOWNLOAD, environ=os.environ) as person:
        person.wait_for("Do you accept this licence? [y/N]")
        person.type("")
        assert person.end() == 2
    assert "Without its licence the model cannot be used." in person.said
    assert (hub.requests, store.folder.exists()) == ([], False)


@pytest.mark.usefixtures("entry")
def test_a_token_may_come_from_a_program(
    musicmed: Musicmed, store: Store, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = musicmed(*ACCEPTED, "--token")
    assert (ran.code, ran.out, hub.requests) == (2, "", [])
    assert ran.err.startswith("No token was given.")
    monkeypatch.setattr("sys.stdin", io.StringIO("hf_abc\n"))
    assert musicmed(*ACCEPTED, "--token").code == 0
    assert hub.requests[0].headers["authorization"] == "Bearer hf_abc"
    assert store.find("tiny")
