from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.engines.models.manifest import MANIFEST, Manifest, listed, read_manifest, write_manifest
from musicmed_desktop.engines.models.store import STAGING, Installed, Store
from musicmed_desktop.errors import UserError


def put(store: Store, name: str) -> Installed:
    with store.staging(name) as folder:
        (folder / "config.json").write_bytes(b"{}")
        file = StoredFile("config.json", 2, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
        write_manifest(folder, Manifest(name=name, kind="model", files=listed([file])))
        return store.place(name, folder)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


def test_a_store_that_was_never_used_is_empty_and_makes_nothing(store: Store) -> None:
    assert store.installed() == ()
    assert not store.folder.exists()
    with pytest.raises(UserError, match="No model is here yet"):
        store.find("small")


def test_what_was_placed_is_found_with_its_manifest(store: Store) -> None:
    placed = put(store, "small")
    assert store.installed() == (placed,)
    assert (placed.size, placed.kind, placed.folder) == (2, "model", store.folder / "small")
    assert read_manifest(placed.folder) == placed.manifest


def test_nothing_is_left_in_the_staging_folder(store: Store) -> None:
    put(store, "small")
    assert list((store.folder / STAGING).iterdir()) == []


def test_what_is_staged_is_not_installed_and_stays_for_the_next_time(store: Store) -> None:
    with store.staging("small") as folder:
        (folder / "model.safetensors").write_bytes(b"half")
    assert store.installed() == ()
    assert store.staged("small") == 4
    with store.staging("small") as folder:
        assert (folder / "model.safetensors").read_bytes() == b"half"
    store.discard("small")
    assert store.staged("small") == 0


def test_two_cannot_install_the_same_model_at_once(store: Store) -> None:
    with (
        store.staging("small"),
        pytest.raises(UserError, match="installed already"),
        Store(store.folder).staging("small"),
    ):
        pass
    with store.staging("small"), Store(store.folder).staging("medium"):
        pass


def test_a_model_is_not_replaced(store: Store) -> None:
    put(store, "small")
    with pytest.raises(UserError, match="already on this computer"), store.staging("small"):
        pass


def test_a_removed_model_is_gone(store: Store) -> None:
    folder = put(store, "small").folder
    store.remove("small")
    assert store.installed() == ()
    assert not folder.exists()
    assert list((store.folder / STAGING).iterdir()) == []


def test_a_removal_does_not_follow_a_link(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "config.json").write_text('{"model_type": "musicgen"}')
    store.folder.mkdir()
    (store.folder / "linked").symlink_to(precious)
    store.remove("linked")
    assert (precious / "config.json").exists()
    assert store.installed() == ()


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "a\\b", "con", "COM1.x", "x.lock", "x.", "é", "a" * 81]
)
def test_names_that_are_none(store: Store, name: str) -> None:
    with pytest.raises(UserError, match="cannot be the name"), store.staging(name):
        pass
    assert not store.folder.exists()


def test_a_folder_put_there_by_hand_counts_and_another_does_not(store: Store) -> None:
    for name, file, text in (
        ("by-hand", "config.json", '{"model_type": "musicgen"}'),
        ("adapter", "adapter_config.json", "{}"),
        ("photos", "beach.jpg", ""),
    ):
        (store.folder / name).mkdir(parents=True)
        (store.folder / name / file).write_text(text)
    assert [(here.name, here.kind, here.manifest) for here in store.installed()] == [
        ("adapter", "adapter", None),
        ("by-hand", "model", None),
    ]
    assert store.find("by-hand").size == 26


def test_a_damaged_manifest_is_told(store: Store) -> None:
    folder = put(store, "small").folder
    (folder / MANIFEST).write_text('{"name": 3}')
    with pytest.raises(UserError, match="record of the model small is damaged"):
        read_manifest(folder)
    assert [(here.name, here.manifest) for here in store.installed()] == [("small", None)]
    store.remove("small")
    assert store.installed() == ()


@pytest.mark.parametrize("path", ["../settings.json", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "", "a//b"])
def test_a_manifest_names_nothing_outside_the_folder(path: str) -> None:
    with pytest.raises(ValidationError, match="leads out"):
        listed([StoredFile(path, 2, "0" * 64)])


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(UserError), Store(tmp_path / "models").staging("small"):
        pass
