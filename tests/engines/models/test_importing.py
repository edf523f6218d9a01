from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from musicmed_desktop.engines.models import catalogue as catalogue_module
from musicmed_desktop.engines.models import importing
from musicmed_desktop.engines.models.arriving import brought
from musicmed_desktop.engines.models.catalogue import Entry, Source, Wanted
from musicmed_desktop.engines.models.exporting import export_model
from musicmed_desktop.engines.models.importing import import_model, look_at
from musicmed_desktop.engines.models.licences import NotAcceptedError
from musicmed_desktop.engines.models.manifest import MANIFEST
from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.engines.models.store import STAGING, Store
from musicmed_desktop.engines.models.verifying import verify
from musicmed_desktop.errors import UserError
from tests.fakes.adapters import save_adapter
from tests.fakes.audiocraft import save_audiocraft
from tests.fakes.killing import kill_while, small_disk
from tests.fakes.models import agreed_store, copied, in_hub_cache, save_clap, save_model, tiny, tree, zipped
from tests.fakes.places import single_thread


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("saved") / "calm-music")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("other") / "bright-music", seed=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return agreed_store(tmp_path / "store")


def test_a_folder_is_imported_and_whole(saved: Path, store: Store) -> None:
    told = list[Progress]()
    before = tree(saved)
    imported = import_model(saved, store, told=told.append)
    assert imported == store.find("calm-music")
    assert imported.manifest
    assert (imported.kind, imported.manifest.title) == ("model", "calm music")
    assert (imported.manifest.source, imported.manifest.licence) == ("imported from calm-music", "CC-BY-NC-4.0")
    assert {name: value for name, value in tree(imported.folder).items() if name != MANIFEST} == before
    assert verify(imported) == ()
    assert told[-1].work == "copying"
    assert told[-1].done == told[-1].total == imported.size
    assert list((store.folder / STAGING).iterdir()) == []


def test_a_look_tells_what_it_is_and_copies_nothing(saved: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    arrival = look_at(saved)
    assert (arrival.name, arrival.kind, arrival.licence) == ("calm-music", "model", "CC-BY-NC-4.0")
    assert arrival.size == sum(file.stat().st_size for file in saved.iterdir())
    assert tree(tmp_path) == before


@pytest.mark.parametrize("top", ["", "calm-music", "from mum/calm-music"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_zip_is_imported(saved: Path, store: Store, tmp_path: Path, top: str, packed: bool) -> None:
    file = zipped(saved, tmp_path / "My calm-music (1).zip", top, packed=packed)
    imported = import_model(file, store)
    assert imported.name == ("calm-music" if top else "My-calm-music-1")
    assert verify(imported) == ()


def test_what_macs_and_windows_add_to_a_zip_is_left_out(saved: Path, store: Store, tmp_path: Path) -> None:
    folder = copied(saved, tmp_path / "folder")
    for name in (".DS_Store", "Thumbs.db", "cover.jpg", "README.md"):
        (folder / name).write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._config.json").write_bytes(b"\0\1")
    imported = import_model(zipped(folder, tmp_path / "a.zip"), store)
    assert tree(imported.folder).keys() == {*tree(saved), "README.md", MANIFEST}


def test_a_stick_with_one_model(saved: Path, store: Store, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    copied(saved, stick / "calm-music")
    (stick / "Photos").mkdir()
    (stick / "Photos" / "beach.jpg").write_bytes(b"x")
    (stick / "letter.txt").write_bytes(b"x")
    assert import_model(stick, store).name == "calm-music"


def test_a_stick_with_several_models_says_which(saved: Path, store: Store, tmp_path: Path) -> None:
    for name in ("calm", "bright"):
        copied(saved, tmp_path / "stick" / name)
    with pytest.raises(UserError, match=r"several models in .*stick: bright, calm\. Choose one"):
        import_model(tmp_path / "stick", store)
    assert import_model(tmp_path / "stick" / "calm", store).name == "calm"


@pytest.mark.parametrize("what", ["hub", "repository", "snapshot", "above"])
def test_a_cache_of_hugging_face(saved: Path, store: Store, tmp_path: Path, what: str) -> None:
    repository = in_hub_cache(saved, tmp_path / "huggingface" / "hub")
    paths = {
        "above": tmp_path / "huggingface",
        "hub": repository.parent,
        "repository": repository,
        "snapshot": repository / "snapshots" / ("a" * 40),
    }
    imported = import_model(paths[what], store)
    assert imported.name == "calm-music"
    assert not any(value.startswith("link") for value in tree(imported.folder).values())
    assert verify(imported) == ()


def test_the_newest_whole_snapshot_of_a_cache_is_taken(saved: Path, other: Path, store: Store, tmp_path: Path) -> None:
    for commit, model in (("a", saved), ("b", other), ("c", saved)):
        repository = in_hub_cache(model, tmp_path, commit=commit * 40)
    for age, commit in enumerate("cba"):
        os.utime(repository / "snapshots" / (commit * 40), (time.time() - 100 * age,) * 2)
    link = repository / "snapshots" / ("c" * 40) / "config.json"
    link.unlink()
    link.symlink_to(Path("..", "..", "blobs", "still-on-its-way"))
    imported = import_model(repository, store)
    assert (imported.folder / "model.safetensors").read_bytes() == (other / "model.safetensors").read_bytes()


def test_a_cache_that_is_not_whole(saved: Path, store: Store, tmp_path: Path) -> None:
    repository = in_hub_cache(saved, tmp_path)
    (repository / "snapshots" / ("a" * 40) / "model.safetensors").resolve().unlink()
    with pytest.raises(UserError, match="was not fetched as a whole"):
        import_model(repository, store)


def test_a_cache_whose_links_lead_out_of_it(saved: Path, store: Store, tmp_path: Path) -> None:
    repository = in_hub_cache(saved, tmp_path)
    link = repository / "snapshots" / ("a" * 40) / "config.json"
    link.unlink()
    link.symlink_to(saved / "config.json")
    with pytest.raises(UserError, match=r"config\.json leads out of"):
        import_model(repository, store)


def test_a_cache_with_a_flipped_byte(saved: Path, store: Store, tmp_path: Path) -> None:
    repository = in_hub_cache(saved, tmp_path)
    flip((repository / "snapshots" / ("a" * 40) / "model.safetensors").resolve(), -1)
    with pytest.raises(UserError, match=r"model\.safetensors in .* is damaged"):
        import_model(repository, store)


def test_audiocrafts_own_cache_has_the_text_encoder_in_another_place(store: Store, tmp_path: Path) -> None:
    folder = save_audiocraft(tmp_path / "calm")
    in_hub_cache(folder / "t5-base", tmp_path / "hub", "google-t5", "t5-base")
    shutil.rmtree(folder / "t5-base")
    in_hub_cache(folder, tmp_path / "hub", name="calm")
    imported = import_model(tmp_path / "hub", store)
    assert imported.name == "calm"
    assert {"state_dict.bin", "t5-base/model.safetensors"} <= tree(imported.folder).keys()


def test_several_models_in_a_cache(saved: Path, store: Store, tmp_path: Path) -> None:
    for name in ("calm", "bright"):
        in_hub_cache(saved, tmp_path, name=name)
    with pytest.raises(UserError, match="models--facebook--bright, models--facebook--calm"):
        import_model(tmp_path, store)


@pytest.mark.parametrize("target", ["stick", "stick/calm.zip"])
def test_a_round_trip_gives_equal_files(saved: Path, store: Store, tmp_path: Path, target: str) -> None:
    (tmp_path / "stick").mkdir()
    first = import_model(saved, store)
    exported = export_model(first, tmp_path / target)
    second = import_model(exported, agreed_store(tmp_path / "second"))
    assert second.name == first.name
    assert second.manifest
    assert first.manifest
    assert second.manifest.files == first.manifest.files


@pytest.mark.parametrize("target", ["stick", "stick/calm.zip"])
def test_an_export_with_a_flipped_byte_is_refused(saved: Path, store: Store, tmp_path: Path, target: str) -> None:
    (tmp_path / "stick").mkdir()
    exported = export_model(import_model(saved, store), tmp_path / target)
    flip(exported if exported.is_file() else exported / "model.safetensors", 500_000)
    second = agreed_store(tmp_path / "second")
    with pytest.raises(UserError, match=r"is damaged"):
        import_model(exported, second)
    assert second.installed() == ()


def test_an_export_that_lost_a_file_is_refused(saved: Path, store: Store, tmp_path: Path) -> None:
    exported = export_model(import_model(saved, store), tmp_path)
    (exported / "generation_config.json").unlink()
    with pytest.raises(UserError, match=r"'generation_config\.json' in .* is missing"):
        import_model(exported, agreed_store(tmp_path / "second"))


def test_a_record_is_believed_in_nothing_but_hashes(saved: Path, store: Store, tmp_path: Path) -> None:
    exported = export_model(import_model(saved, store), tmp_path)
    record = json.loads((exported / MANIFEST).read_text())
    record |= {"name": "../../evil", "kind": "adapter", "title": "The best", "licence": "free", "source": "Meta"}
    (exported / MANIFEST).write_text(json.dumps(record))
    imported = import_model(exported, agreed_store(tmp_path / "second"))
    assert imported.manifest
    assert (imported.name, imported.kind) == ("calm-music", "model")
    assert (imported.manifest.title, imported.manifest.licence) == ("calm music", "CC-BY-NC-4.0")


def test_audiocrafts_two_files_with_the_text_encoder_beside(store: Store, tmp_path: Path) -> None:
    folder = save_audiocraft(tmp_path / "calm")
    imported = import_model(folder, store)
    assert tree(imported.folder).keys() == {*tree(folder), MANIFEST}
    shutil.rmtree(folder / "t5-base")
    with pytest.raises(UserError, match=r"calm .*needs t5-base") as refused:
        import_model(folder, store, "again")
    assert STAGING not in str(refused.value)


def test_clap_is_imported(store: Store, tmp_path: Path) -> None:
    imported = import_model(save_clap(tmp_path / "clap"), store)
    assert (imported.name, imported.kind) == ("clap", "evaluation")
    assert verify(imported) == ()


def test_pickles_are_left_out_where_there_are_safetensors(saved: Path, store: Store, tmp_path: Path) -> None:
    folder = copied(saved, tmp_path / "calm")
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt", "state_dict.bin"):
        (folder / name).write_bytes(b"\x80\x02.")
    imported = import_model(folder, store)
    assert tree(imported.folder).keys() == {*tree(saved), MANIFEST}


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.ckpt", "weights.pt"])
def test_weights_that_are_only_a_pickle_are_refused(saved: Path, store: Store, tmp_path: Path, name: str) -> None:
    folder = copied(saved, tmp_path / "calm")
    (folder / "model.safetensors").rename(folder / name)
    with pytest.raises(UserError, match=f"only as {name}, which can hold programs"):
        import_model(folder, store)


def test_a_licence_that_nobody_accepted(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(NotAcceptedError) as refused:
        import_model(saved, Store(tmp_path / "store"))
    assert refused.value.licence.id == "CC-BY-NC-4.0"
    assert not (tmp_path / "store").exists()


def test_what_is_here_already(saved: Path, other: Path, store: Store) -> None:
    import_model(saved, store)
    before = tree(store.folder)
    with pytest.raises(UserError, match="calm-music is already on this computer, and it is the same one"):
        import_model(saved, store)
    with pytest.raises(UserError, match="Another calm-music is already"):
        import_model(other, store, "calm-music")
    assert tree(store.folder) == before


def test_cancelling_leaves_nothing(saved: Path, store: Store) -> None:
    before = tree(store.folder)
    asked = iter([False, False])
    with pytest.raises(CancelledError):
        import_model(saved, store, cancelled=lambda: next(asked, True))
    assert tree(store.folder) == {**before, STAGING: "folder"}


def test_a_full_disk(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        store = agreed_store(disk / "store")
        before = tree(store.folder)
        with pytest.raises(UserError, match="not enough space on the disk for calm-music"):
            import_model(saved, store)
        assert tree(store.folder) == before
        monkeypatch.setattr(importing, "require_space", lambda *_: None)
        with pytest.raises(UserError, match="The disk is full"):
            import_model(saved, store)
        assert tree(store.folder) == {**before, STAGING: "folder"}


KILLED = """
import sys, time
from pathlib import Path
from musicmed_desktop.engines.models import importing
from musicmed_desktop.engines.models.arriving import brought
from musicmed_desktop.engines.models.store import Store
importing.require_musicgen = lambda: None  # takes long to load, and is not what is killed here

def told(progress):
    if progress.done:
        print(progress.done, flush=True)
        time.sleep(60)

importing.import_model(Path(sys.argv[1]), Store(Path(sys.argv[2])), told=told)
"""


def test_a_program_that_is_killed_while_it_copies(saved: Path, store: Store) -> None:
    assert int(kill_while(KILLED, str(saved), str(store.folder), seconds=0)) > 0
    assert store.installed() == ()
    assert store.staged("calm-music") > 0
    assert verify(import_model(saved, store)) == ()
    assert list((store.folder / STAGING).iterdir()) == []


def test_what_was_staged_before_does_not_get_in(saved: Path, store: Store) -> None:
    with store.staging("calm-music") as folder:
        (folder / "model.safetensors.part").write_bytes(b"half")
    assert verify(import_model(saved, store)) == ()


def test_a_link_in_a_folder_is_not_followed(saved: Path, store: Store, tmp_path: Path) -> None:
    folder = copied(saved, tmp_path / "calm")
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(saved / "config.json")
    with pytest.raises(UserError, match=r"config\.json is a link"):
        import_model(folder, store)


@pytest.mark.parametrize("path", ["nothing", "letter.txt", "empty", "cut.zip"])
def test_what_is_no_model(store: Store, tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.txt").write_text("Dear Ada")
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(UserError, match=path):
        import_model(tmp_path / path, store)


def entry(name: str, folder: Path) -> Entry:
    content = (folder / "model.safetensors").read_bytes()
    wanted = Wanted("model.safetensors", len(content), sha256(content).hexdigest())
    source = Source("facebook/musicgen-tiny", "0" * 40, (wanted, Wanted("config.json")))
    return Entry(name, "model", "MusicGen tiny", "Small.", "CC-BY-NC-4.0", 10**9, len(content), (source,))


@pytest.fixture
def known(saved: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    published = entry("musicgen-tiny", saved)
    for module in (catalogue_module, importing):
        monkeypatch.setattr(module, "catalogue", lambda: (published,))
    return published


@pytest.mark.usefixtures("known")
def test_a_published_model_is_recognized(saved: Path, store: Store) -> None:
    assert look_at(saved).name == "musicgen-tiny"
    imported = import_model(saved, store)
    assert imported.manifest
    assert (imported.name, imported.manifest.title) == ("musicgen-tiny", "MusicGen tiny")
    assert import_model(saved, store, "mine").name == "mine"


@pytest.mark.usefixtures("known")
def test_a_published_model_with_a_flipped_byte_is_damaged(saved: Path, store: Store, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "calm")
    flip(folder / "model.safetensors", -1)
    with pytest.raises(UserError, match=r"model\.safetensors in .*calm is damaged: it is not that of MusicGen tiny"):
        import_model(folder, store)
    assert store.installed() == ()
    assert import_model(folder, store, "mine").name == "mine"


def change_base(folder: Path, base: str | None) -> None:
    config = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": base}))


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_adapter(tmp_path_factory.mktemp("adapters") / "guitar", tiny())


@pytest.mark.parametrize(("base", "kept"), [("me/calm-music", "me/calm-music"), (None, "calm-music")])
def test_an_adapter_finds_the_model_that_it_was_made_for(
    saved: Path, adapter: Path, store: Store, tmp_path: Path, base: str | None, kept: str
) -> None:
    import_model(saved, store)
    folder = shutil.copytree(adapter, tmp_path / "guitar")
    change_base(folder, base)
    imported = import_model(folder, store)
    assert imported.manifest
    assert (imported.kind, imported.manifest.base, imported.manifest.licence) == ("adapter", kept, "")
    assert tree(imported.folder).keys() == {"adapter_config.json", "adapter_model.safetensors", "README.md", MANIFEST}


def test_an_adapter_whose_model_is_not_here_names_it(saved: Path, adapter: Path, store: Store, tmp_path: Path) -> None:
    import_model(saved, store)
    folder = shutil.copytree(adapter, tmp_path / "guitar")
    change_base(folder, "facebook/musicgen-small")
    imported = import_model(folder, store)
    assert imported.manifest
    assert imported.manifest.base == "facebook/musicgen-small"


def test_an_adapter_that_does_not_fit_the_model_it_names(
    saved: Path, adapter: Path, store: Store, tmp_path: Path
) -> None:
    import_model(saved, store, "musicgen-small")
    folder = shutil.copytree(adapter, tmp_path / "guitar")
    change_base(folder, "facebook/musicgen-small")
    tensors = load_file(folder / "adapter_model.safetensors")
    wider = {name: tensor.repeat(1, 2) if "fc2.lora_A" in name else tensor for name, tensor in tensors.items()}
    save_file(wider, folder / "adapter_model.safetensors")
    with pytest.raises(UserError, match="guitar does not fit musicgen-small"):
        import_model(folder, store)
    assert [model.name for model in store.installed()] == ["musicgen-small"]


def flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_and_would_steer_a_terminal(saved: Path, store: Store, tmp_path: Path) -> None:
    imported = import_model(copied(saved, tmp_path / os.fsdecode(b"\xff\x1b[31m")), store)
    assert imported.manifest
    assert (imported.name, imported.manifest.source) == ("31m", "imported from ??[31m")
    assert verify(imported) == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_beside_audiocrafts_files_with_a_name_that_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    for name in ("state_dict.bin", "compression_state_dict.bin", "a:b/config.json", "\x1b/config.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    with brought(folder) as it:
        assert {piece.path for piece in it.model.pieces} == {"state_dict.bin", "compression_state_dict.bin"}


def test_links_of_a_cache_that_lead_in_a_circle(saved: Path, store: Store, tmp_path: Path) -> None:
    repository = in_hub_cache(saved, tmp_path / "hub")
    (repository / "snapshots" / ("a" * 40) / "README.md").symlink_to("README.md")
    before = tree(store.folder)
    with pytest.raises(UserError, match="was not fetched as a whole"):
        import_model(repository, store)
    assert tree(store.folder) == before
