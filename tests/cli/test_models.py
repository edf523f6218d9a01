"""`musicmed models` without any network: real models, with a few random weights."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from musicmed_desktop.cli.interruption import interruptible
from musicmed_desktop.cli.models import carry, following, keep
from musicmed_desktop.engines.models.catalogue import catalogue
from musicmed_desktop.engines.models.progress import Cancelled, Progress, Told
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.paths import HOME
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.terminal import terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

MUSICMED = "import sys; from musicmed_desktop import cli; sys.exit(cli.main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick's folder of a model."""
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("stick") / "tiny")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(HOME, str(tmp_path))
    return Store(tmp_path / "models")


@pytest.fixture
def stocked(store: Store, brought: Path, musicmed: Musicmed) -> Store:
    assert musicmed("models", "import", str(brought), "--accept-licence").code == 0
    return store


def adapter_by_hand(store: Store) -> Path:
    folder = store.folder / "tender"
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}")
    return folder


@pytest.mark.usefixtures("store")
def test_where_nothing_is_installed_it_shows_what_can_be_had(musicmed: Musicmed) -> None:
    ran = musicmed("models", "list")
    first, empty, header, *rows = ran.out.splitlines()
    assert (first, empty) == ("No model is installed; the built-in composer needs none.", "")
    assert header.split() == ["to", "download", "kind", "size", "memory", "licence", "what", "it", "is"]
    assert [row.split()[0] for row in rows] == [entry.name for entry in catalogue()]
    assert max(map(len, rows)) <= 120
    listed = json.loads(musicmed("models", "list", "--json").out)
    assert [entry["name"] for entry in listed["available"]] == [entry.name for entry in catalogue()]
    assert listed["installed"] == []


def test_it_lists_what_is_installed_and_what_the_settings_use(musicmed: Musicmed, stocked: Store) -> None:
    adapter = adapter_by_hand(stocked)
    (stocked.folder.parent / "settings.json").write_text(json.dumps({"adapter": str(adapter)}))
    lines = musicmed("models", "list").out.splitlines()
    assert lines[:3] == [
        "installed  kind     size     licence       in use  record  from",
        "tender     adapter  2 bytes  not known     yes     none    put there by hand",
        "tiny       model    6.8 MB   CC-BY-NC-4.0          yes     imported from tiny",
    ]
    tender, tiny = json.loads(musicmed("models", "list", "--json").out)["installed"]
    assert (tender["in_use"], tender["record"], tender["folder"]) == (True, False, str(adapter))
    assert (tiny["in_use"], tiny["record"], tiny["licence"]) == (False, True, "CC-BY-NC-4.0")


@pytest.mark.usefixtures("store")
def test_it_shows_what_can_be_had_in_plain_words(musicmed: Musicmed) -> None:
    entry = next(entry for entry in catalogue() if entry.name == "musicgen-small")
    ran = musicmed("models", "show", entry.name)
    words = " ".join(ran.out.split())
    assert words.startswith(f"{entry.title}. {entry.summary} download 2.4 GB memory ")
    assert "https://creativecommons.org/licenses/by-nc/4.0/" in ran.out.split()
    assert f"{entry.sources[0].repository} on huggingface.co, revision {entry.sources[0].revision}" in words
    assert "model.safetensors" in ran.out
    assert "Accepted on" not in ran.out
    shown = json.loads(musicmed("models", "show", entry.name, "--json").out)
    assert shown["installed"] is None
    assert shown["catalogue"]["sources"][0]["revision"] == entry.sources[0].revision


def test_it_shows_what_is_installed(musicmed: Musicmed, stocked: Store) -> None:
    ran = musicmed("models", "show", "tiny")
    assert " ".join(ran.out.split()).startswith(f"installed {stocked.folder / 'tiny'}, 6.8 MB ")
    assert "source     imported from tiny" in ran.out.splitlines()
    shown = json.loads(musicmed("models", "show", "tiny", "--json").out)
    assert shown["catalogue"] is None
    assert {file["path"] for file in shown["installed"]["files"]} >= {"config.json", "model.safetensors"}
    by_hand = adapter_by_hand(stocked)
    assert "put there by hand" in musicmed("models", "show", by_hand.name).out
    assert "Accepted on " in musicmed("models", "show", "musicgen-small").out


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", ["show", "download"])
def test_a_model_that_nobody_has_is_refused_with_those_that_there_are(musicmed: Musicmed, command: str) -> None:
    ran = musicmed("models", command, "musicgen-tiny")
    assert ran.code == 2
    assert "musicgen-small, musicgen-medium, musicgen-large" in ran.err


def test_a_model_goes_from_one_computer_to_another(
    musicmed: Musicmed, stocked: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = musicmed("models", "export", "tiny", str(tmp_path / "stick.zip"))
    assert ran.out == (
        f"Copying tiny, 6.8 MB.\nDone: {tmp_path / 'stick.zip'}. "
        'On the other computer: "musicmed models import" and its path there.\n'
    )
    monkeypatch.setenv(HOME, str(tmp_path / "other"))
    arrived = musicmed("models", "import", str(tmp_path / "stick.zip"), "--name", "mine", "--accept-licence")
    folder = tmp_path / "other" / "models" / "mine"
    assert arrived.out.splitlines()[0] == "Importing mine, 6.8 MB."
    assert arrived.out.splitlines()[1].startswith(f"Done: mine is in {folder}")
    assert (arrived.code, "Creative Commons" in arrived.err) == (0, True)
    weights = "model.safetensors"
    assert (folder / weights).read_bytes() == (stocked.folder / "tiny" / weights).read_bytes()
    assert musicmed("models", "verify").out == "mine: whole, 6.8 MB.\n"


def test_a_licence_is_asked_for_before_anything_is_imported(musicmed: Musicmed, store: Store, brought: Path) -> None:
    ran = musicmed("models", "import", str(brought))
    assert ran.code == 2
    assert ran.err.endswith("Where you agree to the licence, add --accept-licence.\n")
    assert not store.folder.exists()


def test_a_flipped_byte_is_found(musicmed: Musicmed, stocked: Store, brought: Path) -> None:
    assert musicmed("models", "import", str(brought), "--name", "twin").code == 0
    weights = stocked.folder / "tiny" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)
    ran = musicmed("models", "verify")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == ["tiny: damaged.", "  model.safetensors is damaged.", "twin: whole, 6.8 MB."]
    assert musicmed("models", "verify", "twin").code == 0
    ran = musicmed("models", "verify", "--json")
    problems = {each["name"]: (each["whole"], each["problems"]) for each in json.loads(ran.out)}
    assert (ran.code, problems) == (1, {"tiny": (False, ["model.safetensors is damaged."]), "twin": (True, [])})


@pytest.mark.usefixtures("store")
def test_where_there_is_nothing_to_verify_it_says_so(musicmed: Musicmed) -> None:
    assert musicmed("models", "verify").out == "No model is installed.\n"
    assert musicmed("models", "verify", "--json").out == "[]\n"
    assert musicmed("models", "verify", "small").code == 2


def test_nothing_is_removed_unasked(musicmed: Musicmed, stocked: Store) -> None:
    ran = musicmed("models", "remove", "tiny")
    assert (ran.code, ran.err.count("add --yes")) == (2, 1)
    assert stocked.find("tiny")
    ran = musicmed("models", "remove", "tiny", "--yes")
    assert (ran.code, ran.out) == (0, "Removed: tiny.\n")
    assert stocked.installed() == ()
    ran = musicmed("models", "remove", "tiny", "--yes")
    assert (ran.code, ran.err) == (2, "tiny is not on this computer. No model is here yet.\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other terminals")
def test_on_a_terminal_it_asks_whether_to_remove_what_is_in_use(store: Store) -> None:
    folder = adapter_by_hand(store)
    (store.folder.parent / "settings.json").write_text(json.dumps({"adapter": str(folder)}))
    with terminal(MUSICMED, "models", "remove", "tender", environ=os.environ) as person:
        person.wait_for("Remove tender, which takes 2 bytes and is in use by your settings? [y/N]")
        person.type("n")
        assert person.end() == 130
    assert store.find("tender")


@contextmanager
def ctrl_c_at_once() -> Iterator[tuple[Told, Cancelled]]:
    with interruptible() as stopped:
        yield (lambda _: None if stopped() else signal.raise_signal(signal.SIGINT)), stopped


@pytest.mark.parametrize("command", ["import", "export", "verify"])
def test_ctrl_c_stops_and_leaves_all_as_it_was(
    musicmed: Musicmed, stocked: Store, brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for module in (carry, keep):
        monkeypatch.setattr(module, "followed", ctrl_c_at_once)
    before = sorted(tmp_path.rglob("*"))
    arguments = {
        "import": (str(brought), "--name", "twin"),
        "export": ("tiny", str(tmp_path / "out.zip")),
        "verify": ("tiny",),
    }
    ran = musicmed("models", command, *arguments[command])
    assert ran.code == 130
    assert ran.err.startswith("Stopped.")
    assert sorted(tmp_path.rglob("*")) == before
    assert [each.name for each in stocked.installed()] == ["tiny"]


def test_compose_takes_an_installed_model_by_its_name(
    musicmed: Musicmed, store: Store, brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(brought, store.folder / "tiny")
    adapter_by_hand(store)
    compose = ("compose", "--from", "sad", "--to", "calm", "--engine", "builtin", "--out", str(tmp_path / "walk"))
    found = "The built-in composer uses no model and no adapter."
    assert musicmed(*compose, "--model", "tiny", "--adapter", "tender").err.startswith(found)
    assert musicmed(*compose, "--model", "tender").err.startswith(f"There is no MusicGen model in {store.folder}")
    assert musicmed(*compose, "--model", "huge").err.startswith("There is no MusicGen model in huge.")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny").mkdir()  # a folder is meant before a name
    assert musicmed(*compose, "--model", "tiny").err.startswith("There is no MusicGen model in tiny.")


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("downloading", 0, 2_400_000_000), "0 bytes of 2.4 GB"),
        (Progress("downloading", 1_200_000_000, 2_400_000_000, 4e6, 300.0), "1.2 of 2.4 GB, 4.0 MB/s, 5 min left"),
        (Progress("copying", 10, 20, 0.25, 40.0), "10 of 20 bytes, 0 bytes/s, 40 s left"),
        (Progress("checking", 10, 20, 1.0, 7200.0), "10 of 20 bytes, 1 bytes/s, 2.0 h left"),
        (Progress("checking", 20, 20, 5e6, 0.0), "20 of 20 bytes, 5.0 MB/s"),
    ],
)
def test_how_far_it_is_in_words(progress: Progress, words: str) -> None:
    assert following.progress_words(progress) == words


def test_a_folder_put_there_by_hand_is_removed_whatever_its_name(musicmed: Musicmed, store: Store) -> None:
    adapter_by_hand(store).rename(store.folder / "my \x1badapter")
    assert "my ?adapter  adapter" in musicmed("models", "list").out
    ran = musicmed("models", "remove", "my \x1badapter", "--yes")
    assert (ran.code, store.installed()) == (0, ())


def test_an_empty_name_is_not_all_of_them(musicmed: Musicmed, store: Store) -> None:
    adapter_by_hand(store)
    ran = musicmed("models", "verify", "")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "'' is not on this computer. Here are: tender.\n"


def test_it_tells_of_an_import_that_was_cut_off_and_throws_it_away(musicmed: Musicmed, store: Store) -> None:
    with store.staging("tiny") as folder:
        (folder / "model.safetensors").write_bytes(bytes(2000))
    last = musicmed("models", "list").out.splitlines()[-1]
    assert last.startswith("Of tiny there are 2 kB, from an import that goes on or was cut off.")
    assert musicmed("models", "remove", "tiny", "--yes").code == 0
    assert "tiny" not in musicmed("models", "list").out


def test_a_record_that_cannot_be_read_is_not_called_made_by_hand(musicmed: Musicmed, store: Store) -> None:
    (adapter_by_hand(store) / "musicmed.json").write_text("{")
    assert 'unreadable  see "musicmed models verify tender"' in musicmed("models", "list").out
    assert "record     unreadable" in musicmed("models", "show", "tender").out
