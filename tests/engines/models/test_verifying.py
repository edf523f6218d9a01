from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from musicmed_desktop.engines.models.manifest import MANIFEST
from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.engines.models.verifying import verify
from tests.fakes.models import agreed_store, installed, save_model
from tests.fakes.places import single_thread


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("pristine")
    return installed(save_model(folder / "calm-music"), agreed_store(folder / "store"))


@pytest.fixture
def model(pristine: Installed, tmp_path: Path) -> Installed:
    shutil.copytree(pristine.folder, tmp_path / pristine.name)
    return Store(tmp_path).find(pristine.name)


def test_a_whole_model_has_nothing_wrong(model: Installed) -> None:
    told = list[Progress]()
    assert verify(model, told.append) == ()
    assert (told[-1].work, told[-1].done, told[-1].total) == ("checking", model.size, model.size)


def test_one_flipped_bit_at_any_place_is_found(model: Installed) -> None:
    """Places are drawn by file first, so that the small ones have their share, and by byte within it."""
    chance = random.Random(5)
    files = [file for file in sorted(model.folder.iterdir()) if file.name != MANIFEST]
    for _ in range(200):
        file = chance.choice(files)
        with file.open("rb+") as opened:
            place = chance.randrange(file.stat().st_size)
            opened.seek(place)
            byte = opened.read(1)[0]
            opened.seek(place)
            opened.write(bytes([byte ^ (1 << chance.randrange(8))]))
            opened.flush()
            assert verify(model) == (f"{file.name} is damaged.",)
            opened.seek(place)
            opened.write(bytes([byte]))
    assert verify(model) == ()


def test_what_is_cut_off_grown_or_gone_is_named(model: Installed) -> None:
    size = (model.folder / "model.safetensors").stat().st_size
    os.truncate(model.folder / "model.safetensors", size - 1)
    with (model.folder / "config.json").open("ab") as file:
        file.write(b" ")
    (model.folder / "tokenizer.json").unlink()
    wrong = verify(model)
    assert f"model.safetensors has {size - 1} bytes, not {size}." in wrong
    assert "tokenizer.json is missing." in wrong
    assert any(sentence.startswith("config.json has ") for sentence in wrong)
    assert len(wrong) == 3


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model-00001-of-00002.safetensors", "t5-base/model.safetensors"])
def test_weights_that_do_not_belong_to_it_are_named(model: Installed, name: str) -> None:
    (model.folder / name).parent.mkdir(exist_ok=True)
    (model.folder / name).write_bytes(b"x")
    (model.folder / "notes.txt").write_bytes(b"x")
    assert verify(model) == (f"{name} does not belong to it.",)


def test_a_flipped_byte_in_the_record_of_a_hash_is_found(model: Installed) -> None:
    record = json.loads((model.folder / MANIFEST).read_text())
    digits = record["files"][0]["sha256"]
    record["files"][0]["sha256"] = ("0" if digits[0] != "0" else "1") + digits[1:]
    (model.folder / MANIFEST).write_text(json.dumps(record))
    assert verify(model) == ("config.json is damaged.",)


def test_a_damaged_record_is_told(model: Installed) -> None:
    (model.folder / MANIFEST).write_text("{")
    (sentence,) = verify(model)
    assert sentence.startswith("The record of the model calm-music is damaged.")


def test_a_record_of_another_kind_is_told(model: Installed) -> None:
    record = (model.folder / MANIFEST).read_text()
    (model.folder / MANIFEST).write_text(record.replace('"kind": "model"', '"kind": "adapter"'))
    assert verify(model) == ("Its record says that it is something else.",)


def test_a_folder_put_there_by_hand_is_judged_by_its_structure(model: Installed, tmp_path: Path) -> None:
    (model.folder / MANIFEST).unlink()
    by_hand = Store(tmp_path).find(model.name)
    assert by_hand.manifest is None
    assert verify(by_hand) == ()
    os.truncate(by_hand.folder / "model.safetensors", 1000)
    (sentence,) = verify(by_hand)
    assert "model.safetensors" in sentence


def test_it_can_be_stopped(model: Installed) -> None:
    with pytest.raises(CancelledError):
        verify(model, cancelled=lambda: True)


def test_a_model_that_was_removed_meanwhile(model: Installed) -> None:
    shutil.rmtree(model.folder)
    assert verify(model) == ("It is not there any more.",)
