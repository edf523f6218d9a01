from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import MusicgenForConditionalGeneration, T5Config, T5EncoderModel

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.shapes import CodecShape, DecoderShape
from musicmed_desktop.errors import UserError
from tests.fakes.musicgen import as_checkpoint, save_transformers, tiny_transformers

CONV = "audio_encoder.decoder.layers.0.conv"


@pytest.fixture(scope="module")
def model() -> MusicgenForConditionalGeneration:
    return tiny_transformers()


@pytest.fixture(scope="module")
def saved(model: MusicgenForConditionalGeneration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(model, tmp_path_factory.mktemp("saved"))


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(saved, tmp_path / "tiny")


def assert_same(read: Checkpoint, written: Checkpoint) -> None:
    for there, here in ((read.tensors, written.tensors), (read.text.tensors, written.text.tensors)):
        assert there.keys() == here.keys()
        for name, tensor in there.items():
            assert tensor.dtype == here[name].dtype
            torch.testing.assert_close(tensor, here[name], rtol=1e-6, atol=0, msg=name)


def test_all_that_was_written_is_read(model: MusicgenForConditionalGeneration, folder: Path) -> None:
    read = read_checkpoint(folder)
    assert (read.name, read.folder, read.text.tokenizer) == ("tiny", folder, folder)
    assert read.decoder == DecoderShape(hidden=64, layers=2, heads=4, ffn=128, text_hidden=48)
    assert read.codec == CodecShape(filters=4, hidden=16)
    assert_same(read, as_checkpoint(model))


def test_only_folded_weights_are_computed_the_rest_is_equal(
    model: MusicgenForConditionalGeneration, folder: Path
) -> None:
    tensors, state = read_checkpoint(folder).tensors, model.state_dict()
    for name, tensor in tensors.items():
        assert name not in state or torch.equal(tensor, state[name]), name


def test_shards_are_read(model: MusicgenForConditionalGeneration, tmp_path: Path) -> None:
    folder = save_transformers(model, tmp_path / "sharded", max_shard_size="500KB")
    assert len(list(folder.glob("*.safetensors"))) > 4
    assert not (folder / "model.safetensors").exists()
    assert_same(read_checkpoint(folder), as_checkpoint(model))


def test_half_precision_stays_as_it_is_in_the_file(tmp_path: Path) -> None:
    model: Any = tiny_transformers(seed=1)
    folder = save_transformers(model.half(), tmp_path / "half")
    tensors = read_checkpoint(folder).tensors
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    name = "decoder.model.decoder.layers.1.fc1.weight"
    assert torch.equal(tensors[name], model.state_dict()[name])
    torch.testing.assert_close(tensors[f"{CONV}.weight"], model.audio_encoder.decoder.layers[0].conv.weight.detach())


def test_the_text_encoder_is_filled_from_its_tensors(model: MusicgenForConditionalGeneration, folder: Path) -> None:
    text = read_checkpoint(folder).text
    encoder: Any = T5EncoderModel(T5Config(**text.config))
    encoder.load_state_dict(dict(text.tensors))
    ids = torch.tensor([[5, 8, 1]])
    with torch.no_grad():
        theirs: Any = model.text_encoder
        assert torch.equal(encoder.eval()(ids).last_hidden_state, theirs(ids).last_hidden_state)


@pytest.mark.parametrize("kept", ["text_encoder.shared.weight", "text_encoder.encoder.embed_tokens.weight"])
def test_one_name_of_the_text_embeddings_is_enough(
    model: MusicgenForConditionalGeneration, folder: Path, kept: str
) -> None:
    def keep(tensors: dict[str, torch.Tensor]) -> None:
        (name,) = (name for name in tensors if name.endswith(("shared.weight", "embed_tokens.weight")))
        tensors[kept] = tensors.pop(name)

    change_tensors(folder, keep)
    assert_same(read_checkpoint(folder), as_checkpoint(model))


def test_weight_norm_in_the_older_spelling(model: MusicgenForConditionalGeneration, folder: Path) -> None:
    newer, older = "parametrizations.weight.original", ("weight_g", "weight_v")

    def rename(tensors: dict[str, torch.Tensor]) -> None:
        for name in [name for name in tensors if newer in name]:
            tensors[name[: -len(newer) - 1] + older[int(name[-1])]] = tensors.pop(name)

    change_tensors(folder, rename)
    assert f"{CONV}.weight_g" in load_file(folder / "model.safetensors")
    assert_same(read_checkpoint(folder), as_checkpoint(model))


def test_what_equals_a_default_may_be_left_out_of_the_configuration(tmp_path: Path) -> None:
    folder = save_transformers(tiny_transformers(hidden=1024, layers=1, heads=16, ffn=4096), tmp_path / "wide")

    def leave_out(config: dict[str, Any]) -> None:
        for name in ("hidden_size", "num_attention_heads", "ffn_dim", "vocab_size", "num_codebooks"):
            config["decoder"].pop(name, None)
        for name in ("kernel_size", "num_lstm_layers", "pad_mode"):
            config["audio_encoder"].pop(name, None)

    change_config(folder, leave_out)
    read = read_checkpoint(folder)
    assert read.decoder == DecoderShape(hidden=1024, layers=1, heads=16, ffn=4096, text_hidden=48)


def test_a_text_encoder_as_wide_as_the_decoder_needs_no_projection(tmp_path: Path) -> None:
    folder = save_transformers(tiny_transformers(text_hidden=64), tmp_path / "even")
    assert not [name for name in read_checkpoint(folder).tensors if name.startswith("enc_to_dec_proj")]


def test_tables_of_positions_in_older_files_are_left_out(folder: Path) -> None:
    name = "decoder.model.decoder.embed_positions.weights"
    change_tensors(folder, lambda tensors: tensors.update({name: torch.zeros(10, 64)}))
    assert name not in read_checkpoint(folder).tensors


def test_a_model_in_the_cache_of_hugging_face_has_its_own_name(
    model: MusicgenForConditionalGeneration, tmp_path: Path
) -> None:
    folder = tmp_path / "models--facebook--musicgen-small" / "snapshots" / "0123abc"
    folder.parent.mkdir(parents=True)
    assert read_checkpoint(save_transformers(model, folder)).name == "musicgen-small"


def test_every_tensor_has_memory_of_its_own(folder: Path) -> None:
    tensors = read_checkpoint(folder).tensors
    name = "decoder.lm_heads.0.weight"
    first = tensors[name]
    first.zero_()
    assert tensors[name].abs().sum() > 0
    assert first.untyped_storage().nbytes() == first.nbytes


Damage = Callable[[Path], object]


def change_config(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    config = json.loads((folder / "config.json").read_text())
    change(config)
    (folder / "config.json").write_text(json.dumps(config))


def change_tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "model.safetensors")


def config(section: str, **values: Any) -> Damage:
    return lambda folder: change_config(folder, lambda config: (config[section] if section else config).update(values))


def tensor(name: str, value: torch.Tensor | None) -> Damage:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        tensors.pop(name, None)
        if value is not None:
            tensors[name] = value

    return lambda folder: change_tensors(folder, change)


def write(name: str, content: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(content)


def cut(name: str, size: int) -> Damage:
    return lambda folder: os.truncate(folder / name, size)


FC1 = "decoder.model.decoder.layers.0.fc1.weight"
BROKEN: dict[str, tuple[Damage, str]] = {
    "another kind of model": (config("", model_type="llama"), "config.json"),
    "no kind": (config("", model_type=None), "config.json"),
    "melody": (config("", model_type="musicgen_melody"), "follows melodies"),
    "stereo": (config("decoder", audio_channels=2, num_codebooks=8), "stereo"),
    "no JSON": (write("config.json", b"\xff\xfe{"), "config.json"),
    "deep JSON": (write("config.json", b"[" * 200_000), "config.json"),
    "a list": (write("config.json", b"[1]"), "config.json"),
    "a section that is a number": (config("", decoder=3), "decoder is no section"),
    "a negative width": (config("decoder", hidden_size=-64), "decoder.hidden_size is -64"),
    "a huge width": (config("decoder", hidden_size=10**30), "decoder.hidden_size"),
    "a width that is true": (config("decoder", hidden_size=True), "decoder.hidden_size"),
    "a width of text": (config("decoder", hidden_size="64"), "decoder.hidden_size"),
    "too many layers": (config("decoder", num_hidden_layers=10**9), "decoder.num_hidden_layers"),
    "no heads": (config("decoder", num_attention_heads=0), "decoder.num_attention_heads"),
    "heads that do not fit": (config("decoder", num_attention_heads=7), "7 heads"),
    "another activation": (config("decoder", activation_function="relu"), "activation_function"),
    "another codec": (config("audio_encoder", sampling_rate=24_000), "24000 Hz"),
    "a causal codec": (config("audio_encoder", use_causal_conv=True), "use_causal_conv"),
    "ratios of text": (config("audio_encoder", upsampling_ratios="8544"), "upsampling_ratios"),
    "endless ratios": (config("audio_encoder", upsampling_ratios=[2] * 4000), "upsampling_ratios"),
    "an unknown edge": (config("audio_encoder", pad_mode="circular"), "circular"),
    "a missing layer": (config("decoder", num_hidden_layers=3), "layers.2."),
    "a layer too many": (config("decoder", num_hidden_layers=1), "layers.1."),
    "a missing tensor": (tensor(FC1, None), FC1),
    "another shape": (tensor(FC1, torch.zeros(128, 63)), "model.safetensors"),
    "whole numbers": (tensor(FC1, torch.zeros(128, 64, dtype=torch.int32)), "model.safetensors"),
    "an unknown tensor": (tensor("decoder.model.decoder.layers.0.fc1.bias", torch.zeros(128)), "model.safetensors"),
    "odd weight norm": (tensor(f"{CONV}.parametrizations.weight.original0", torch.zeros(2, 1, 1)), "model.safetensors"),
    "half a weight norm": (tensor(f"{CONV}.parametrizations.weight.original1", None), "safetensors"),
    "no text encoder": (tensor("text_encoder.encoder.final_layer_norm.weight", None), "encoder.final_layer_norm"),
    "no tensors": (lambda folder: (folder / "model.safetensors").unlink(), "model.safetensors"),
    "cut off": (cut("model.safetensors", 100_000), "model.safetensors"),
    "cut off in the header": (cut("model.safetensors", 100), "model.safetensors"),
    "empty file": (cut("model.safetensors", 0), "model.safetensors"),
    "garbage": (write("model.safetensors", os.urandom(5000)), "model.safetensors"),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_model_is_refused_by_name(folder: Path, case: str) -> None:
    damage, named = BROKEN[case]
    damage(folder)
    with pytest.raises(UserError) as refused:
        read_checkpoint(folder)
    told = f"{refused.value} {refused.value.detail}"
    assert str(folder) in refused.value.title
    assert named in told
    assert refused.value.hint


@pytest.fixture
def sharded(model: MusicgenForConditionalGeneration, tmp_path: Path) -> Path:
    return save_transformers(model, tmp_path / "sharded", max_shard_size="500KB")


def test_a_missing_shard_is_named(sharded: Path) -> None:
    shard = sorted(sharded.glob("*.safetensors"))[1]
    shard.unlink()
    with pytest.raises(UserError, match=shard.name):
        read_checkpoint(sharded)


@pytest.mark.parametrize("name", ["../elsewhere.safetensors", "weights.bin", 3, ""])
def test_an_index_names_only_files_beside_it(sharded: Path, name: object) -> None:
    index = sharded / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {FC1: name}}))
    with pytest.raises(UserError, match=r"index\.json"):
        read_checkpoint(sharded)


def test_the_older_format_is_refused_with_a_word_about_it(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(UserError, match=r"older format, pytorch_model\.bin"):
        read_checkpoint(folder)


def test_a_folder_that_vanishes_between_two_reads_is_named(folder: Path) -> None:
    tensors = read_checkpoint(folder).tensors
    assert tensors[FC1].shape == (128, 64)
    (folder / "model.safetensors").unlink()
    with pytest.raises(UserError, match=r"model\.safetensors is missing"):
        _ = tensors[FC1]


def test_a_file_that_changes_between_two_reads_is_named(folder: Path) -> None:
    tensors = read_checkpoint(folder).tensors
    change_tensors(folder, lambda content: content.update({FC1: torch.zeros(2, 2)}))
    with pytest.raises(UserError, match=r"model\.safetensors is damaged"):
        _ = tensors[FC1]
    change_tensors(folder, lambda content: content.pop(FC1))
    with pytest.raises(UserError, match=r"model\.safetensors is damaged"):
        _ = tensors[FC1]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(UserError, match=f"{tmp_path} may not be read"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_a_model_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=f"{name} holds no MusicGen model"):
        read_checkpoint(tmp_path / name)
