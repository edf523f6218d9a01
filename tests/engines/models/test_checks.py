from __future__ import annotations

import io
import json
import os
import pickle
import random
import shutil
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from musicmed_desktop.engines.models import checks
from musicmed_desktop.engines.models.checks import Checked, check
from musicmed_desktop.errors import UserError
from tests.fakes.adapters import save_adapter
from tests.fakes.audiocraft import save_audiocraft
from tests.fakes.broken_files import put
from tests.fakes.models import copied, save_clap, save_model, tiny
from tests.fakes.places import single_thread

Damage = Callable[[Path], object]


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of each kind."""
    folder = tmp_path_factory.mktemp("saved")
    save_model(folder / "transformers")
    save_audiocraft(folder / "audiocraft")
    save_adapter(folder / "adapter", tiny())
    save_clap(folder / "clap")
    return folder


KINDS = {
    "transformers": Checked("model", "MusicGen with 2 layers"),
    "audiocraft": Checked("model", "MusicGen with 2 layers"),
    "adapter": Checked("adapter", "Adapter for MusicGen"),
    "clap": Checked("evaluation", "CLAP"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_whole_is_told_by_its_kind(saved: Path, kind: str) -> None:
    assert check(saved / kind) == KINDS[kind]


def write(name: str, content: bytes) -> Damage:
    return lambda folder: put(folder / name, content)


def without(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def cut(name: str, size: int) -> Damage:
    return lambda folder: put(folder / name, (folder / name).read_bytes()[:size])


def swollen(name: str) -> Damage:
    """Gigabytes of nothing, which take no room on this disk."""

    def damage(folder: Path) -> None:
        put(folder / name, (folder / name).read_bytes())
        os.truncate(folder / name, 4 * 10**9)

    return damage


def settings(name: str, **values: Any) -> Damage:
    return lambda folder: put(folder / name, json.dumps({**json.loads((folder / name).read_text()), **values}).encode())


def part(section: str, **values: Any) -> Damage:
    """Other settings of one of CLAP's two towers."""

    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        config[section] |= values
        put(folder / "config.json", json.dumps(config).encode())

    return change


def tensors(name: str, change: Callable[[dict[str, torch.Tensor]], object]) -> Damage:
    def damage(folder: Path) -> None:
        content = load_file(folder / name)
        change(content)
        (folder / name).unlink()
        save_file(content, folder / name)

    return damage


def first(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[dict[str, torch.Tensor]], object]:
    return lambda content: content.update({min(content): change(content[min(content)]).contiguous()})


CLAP: dict[str, Damage] = {
    "no tokenizer": without("tokenizer.json"),
    "no preprocessor": without("preprocessor_config.json"),
    "no weights": without("model.safetensors"),
    "another preprocessor": settings("preprocessor_config.json", feature_extractor_type="WhisperFeatureExtractor"),
    "cut off": cut("model.safetensors", 5000),
    "a tensor less": tensors("model.safetensors", lambda content: content.pop("text_projection.linear1.weight")),
    "another shape": tensors("model.safetensors", first(lambda tensor: tensor.flatten()[:1])),
    "whole numbers": tensors("model.safetensors", first(lambda tensor: tensor.to(torch.int32))),
    "no towers": settings("config.json", text_config=None),
    "a wider tower": part("text_config", hidden_size=18),
    "a tower without end": part("text_config", num_hidden_layers=10**9),
    "a tower as deep as none": part("audio_config", depths=[10**9, 1]),
    "many depths": part("audio_config", depths=[1] * 10_000),
    "negative": part("audio_config", window_size=-8),
    "nonsense": part("audio_config", num_attention_heads="four"),
    "no heads": part("text_config", num_attention_heads=0),
    "a small vocabulary": part("text_config", vocab_size=10),
    "a program": part("text_config", attn_implementation="somebody/kernel", hidden_size=20),
}


@pytest.mark.parametrize("case", CLAP)
def test_a_broken_clap_is_refused(saved: Path, tmp_path: Path, case: str) -> None:
    refused(copied(saved / "clap", tmp_path / "broken"), CLAP[case])


def test_tables_that_clap_computes_itself_may_be_missing(saved: Path, tmp_path: Path) -> None:
    folder = copied(saved / "clap", tmp_path / "clap")

    def leave_out(content: dict[str, torch.Tensor]) -> None:
        for name in [name for name, tensor in content.items() if not tensor.is_floating_point()]:
            del content[name]

    tensors("model.safetensors", leave_out)(folder)
    assert check(folder).kind == "evaluation"


ADAPTER, LORA = "adapter_config.json", "adapter_model.safetensors"
ADAPTERS: dict[str, Damage] = {
    "no weights": without(LORA),
    "only a pickle": lambda folder: (folder / LORA).rename(folder / "adapter_model.bin"),
    "cut off": cut(LORA, 9000),
    "empty": write(LORA, b""),
    "a huge header": write(LORA, struct.pack("<Q", 2**63) + b"{}"),
    "larger than any": swollen(LORA),
    "no numbers": tensors(LORA, first(lambda tensor: tensor * float("nan"))),
    "half a pair": tensors(LORA, lambda content: content.pop(min(content))),
    "another rank": settings(ADAPTER, r=5),
    "a huge rank": settings(ADAPTER, r=10**400),
    "an endless scale": settings(ADAPTER, lora_alpha=float("inf")),
    "another technique": settings(ADAPTER, use_dora=True),
    "deep": write(ADAPTER, b'{"a":' * 100_000),
    "a slow pattern": settings(ADAPTER, rank_pattern={"(a+)+$": 4}),
    "another slow pattern": settings(ADAPTER, rank_pattern={"(a|a)" * 30 + "b": 4}),
    "a pattern that is none": settings(ADAPTER, alpha_pattern={"(" * 150: 4}),
    "an endless pattern": settings(ADAPTER, alpha_pattern={"a{99999999999}": 4}),
    "a long name": settings(ADAPTER, peft_type="X" * 100_000),
    "a name of half letters": settings(ADAPTER, base_model_name_or_path="\ud800"),
}


@pytest.mark.parametrize("case", ADAPTERS)
def test_a_broken_adapter_is_refused(saved: Path, tmp_path: Path, case: str) -> None:
    refused(copied(saved / "adapter", tmp_path / "broken"), ADAPTERS[case])


def test_an_adapter_names_its_base_in_letters_that_can_be_shown(saved: Path, tmp_path: Path) -> None:
    folder = copied(saved / "adapter", tmp_path / "adapter")
    settings(ADAPTER, base_model_name_or_path="face\x1b[31mbook/musicgen-small\n" + "A" * 10_000)(folder)
    checked = check(folder)
    assert checked.base.startswith("face?[31mbook/musicgen-small AAA")
    assert len(checked.base) < 600


def test_an_adapter_beside_its_models_settings_is_an_adapter(saved: Path, tmp_path: Path) -> None:
    """As scripts for training leave it."""
    folder = copied(saved / "adapter", tmp_path / "adapter")
    shutil.copy(saved / "transformers" / "config.json", folder)
    assert check(folder).kind == "adapter"


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("evil",)


def saved_by_torch(value: object) -> bytes:
    content = io.BytesIO()
    torch.save(value, content)
    return content.getvalue()


def packed(folder: Path) -> None:
    """The same entries, compressed: a way to have gigabytes come out of a small file."""
    file = folder / "state_dict.bin"
    content = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    put(file, content.getvalue())


AUDIOCRAFT: dict[str, Damage] = {
    "half of it": without("compression_state_dict.bin"),
    "cut off": cut("state_dict.bin", 100_000),
    "the codec cut off": cut("compression_state_dict.bin", 100_000),
    "an old pickle": write("state_dict.bin", pickle.dumps(Evil())),
    "a program": lambda folder: put(folder / "state_dict.bin", saved_by_torch(Evil())),
    "compressed": packed,
    "foreign": write("compression_state_dict.bin", random.Random(1).randbytes(4000)),
    "no text encoder": lambda folder: shutil.rmtree(folder / "t5-base"),
    "half a text encoder": without("t5-base/model.safetensors"),
    "no tokenizer": without("t5-base/tokenizer.json"),
}


@pytest.mark.parametrize("case", AUDIOCRAFT)
def test_a_broken_model_of_audiocraft_is_refused(
    saved: Path, tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(copied(saved / "audiocraft", tmp_path / "broken"), AUDIOCRAFT[case])
    assert not (tmp_path / "evil").exists()


def test_what_lies_in_the_cache_of_another_program_does_not_count(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(saved / "audiocraft", tmp_path / "calm")
    cached = tmp_path / "hub" / "models--t5-base" / "snapshots" / "abc"
    cached.parent.mkdir(parents=True)
    (folder / "t5-base").rename(cached)
    monkeypatch.setattr("musicmed_desktop.engines.musicgen.checkpoint.local._cached", lambda _: cached)
    with pytest.raises(UserError, match=r"calm is not whole: it needs t5-base beside it"):
        check(folder)


TEXT: dict[str, Damage] = {
    "no tokenizer.json but another": lambda folder: (folder / "tokenizer.json").rename(folder / "spiece.model"),
    "an odd activation": part("text_encoder", dense_act_fn="sorcery"),
    "a program": part("text_encoder", attn_implementation="somebody/kernel"),
    "odd numbers": part("text_encoder", dropout_rate="much"),
}


@pytest.mark.parametrize("case", TEXT)
def test_a_text_encoder_that_could_not_be_used_is_refused(saved: Path, tmp_path: Path, case: str) -> None:
    refused(copied(saved / "transformers", tmp_path / "broken"), TEXT[case])


@pytest.mark.parametrize("name", ["empty", "nothing"])
def test_a_folder_without_a_model(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=name):
        check(tmp_path / name)


def test_without_musicgen_it_says_what_to_start(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"MusicGen is not installed\. .*dev\.py setup musicgen"):
        check(saved / "transformers")


def peak() -> int:
    """The most memory that this process ever had, in kilobytes, where the system tells."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1000 if sys.platform == "darwin" else 1)


def refused(folder: Path, damage: Damage) -> None:
    """In a sentence, quickly, and without gigabytes of memory."""
    damage(folder)
    began, before = time.monotonic(), peak()
    with pytest.raises(UserError) as told:
        check(folder)
    assert time.monotonic() - began < 2
    assert peak() - before < 200_000
    assert told.value.title.endswith((".", "..."))
    assert "broken" in told.value.title
    assert len(told.value.title) < 600
    assert told.value.hint
