from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.engines.models.manifest import MANIFEST, Manifest, listed, read_manifest, write_manifest
from musicmed_desktop.engines.models.store import STAGING, Installed, Store
from musicmed_desktop.errors import UserError
from tests.fakes.killing import ROOT, without_privileges


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


def test_what_a_killed_removal_left_goes_with_the_next_work(store: Store) -> None:
    left = store.folder / STAGING / "old.removed"
    for work in (lambda: put(store, "small"), lambda: store.remove("small"), store.sweep):
        left.mkdir(parents=True, exist_ok=True)
        (left / "model.safetensors").write_bytes(b"gigabytes")
        assert store.half_done() == ()
        work()
        assert list((store.folder / STAGING).iterdir()) == []


def test_what_is_half_done_is_known_by_name(store: Store) -> None:
    assert store.half_done() == ()
    with store.staging("small"):
        assert store.half_done() == ("small",)


LOOK_AROUND = """
import sys
from pathlib import Path
from musicmed_desktop.engines.models.licences import accepted
from musicmed_desktop.engines.models.space import require_space
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError

def told(work):
    try:
        return work()
    except UserError as error:
        return error.title.split()[0]

store = Store(Path(sys.argv[1]))
require_space(store.folder / "new", 1, "a model")
print(
    [each.name for each in store.installed()], store.staged("half"), store.half_done(), told(store.sweep),
    told(lambda: accepted(store, "CC-BY-NC-4.0")), told(lambda: store.remove("small")), sep="|",
)
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("locked", "said"),
    [
        (".", "[]|0|()|None|You|small"),
        (STAGING, "['other', 'small']|0|()|None|None|small"),
        ("other", "['small']|4|('half',)|None|None|None"),
    ],
)
def test_where_somebody_may_not_look(store: Store, locked: str, said: str) -> None:
    for name in ("other", "small"):
        put(store, name)
    with store.staging("half") as folder:
        (folder / "model.safetensors.part").write_bytes(b"half")
    forbidden = store.folder / locked
    forbidden.chmod(0)
    try:
        program = without_privileges(sys.executable, "-c", LOOK_AROUND, str(store.folder))
        done = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False)
    finally:
        forbidden.chmod(0o755)
    assert (done.stdout.strip(), done.stderr) == (said, "")


def test_a_record_cannot_steer_a_terminal(store: Store) -> None:
    folder = put(store, "small").folder
    record = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**record, "source": "\x1b[2Ja\nb", "licence": "\x1b[31m"}))
    manifest = store.find("small").manifest
    assert manifest
    assert (manifest.source, manifest.licence) == ("?[2Ja b", "?[31m")
    with pytest.raises(ValidationError, match="cannot be shown"):
        listed([StoredFile("a\x1bb", 2, "0" * 64)])


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_record_of_a_date_that_is_none_is_damaged(store: Store, date: str) -> None:
    folder = put(store, "small").folder
    record = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**record, "installed": date}))
    with pytest.raises(UserError, match="is damaged"):
        read_manifest(folder)


def test_a_record_of_a_newer_version_is_not_called_damaged(store: Store) -> None:
    folder = put(store, "small").folder
    record = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**record, "format": 2, "kind": "symphony"}))
    with pytest.raises(UserError, match="written by a newer version of this app") as told:
        read_manifest(folder)
    assert "nothing is wrong" in told.value.hint
