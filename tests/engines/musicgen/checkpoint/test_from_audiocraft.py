from __future__ import annotations

import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.utils.parametrize import remove_parametrizations
from transformers import EncodecConfig, EncodecModel, MusicgenForCausalLM
from transformers.models.musicgen import MusicgenDecoderConfig

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.shapes import CodecShape, DecoderShape
from musicmed_desktop.errors import UserError
from tests.fakes.audiocraft import codec_config, lm_config, save_audiocraft, tiny_codec, tiny_lm
from tests.fakes.musicgen import tiny_transformers

DECODER, CODEC = "state_dict.bin", "compression_state_dict.bin"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_audiocraft(tmp_path_factory.mktemp("saved"))


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(saved, tmp_path / "tiny")


def below(prefix: str, read: Checkpoint) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in read.tensors.items() if name.startswith(prefix)}


def transformers_codec(read: Checkpoint) -> Any:
    config = EncodecConfig(
        sampling_rate=32_000,
        upsampling_ratios=list(read.codec.ratios),
        num_filters=read.codec.filters,
        hidden_size=read.codec.hidden,
        codebook_size=2048,
        target_bandwidths=[2.2],
        use_causal_conv=False,
        use_conv_shortcut=read.codec.conv_shortcut,
        pad_mode=read.codec.pad_mode,
    )
    codec: Any = EncodecModel(config)
    codec.train(False)
    for module in codec.modules():
        if hasattr(module, "parametrizations"):
            remove_parametrizations(module, "weight")
    codec.decoder.load_state_dict(below("audio_encoder.decoder.", read))
    codec.quantizer.load_state_dict(below("audio_encoder.quantizer.", read), strict=False)
    return codec


def test_the_shapes_are_those_of_the_configuration(folder: Path) -> None:
    read = read_checkpoint(folder)
    assert (read.name, read.folder, read.text.tokenizer) == ("tiny", folder, folder / "t5-base")
    assert read.decoder == DecoderShape(hidden=64, layers=2, heads=4, ffn=256, text_hidden=48)
    assert read.codec == CodecShape(filters=4, hidden=16, pad_mode="constant")
    assert read.text.config["d_model"] == 48


@torch.no_grad()
def test_the_decoder_says_what_audiocrafts_says(folder: Path) -> None:
    read = read_checkpoint(folder)
    config = MusicgenDecoderConfig(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, ffn_dim=256)
    ours: Any = MusicgenForCausalLM(config)
    ours.train(False)
    ours.load_state_dict(below("decoder.", read))
    theirs = tiny_lm(lm_config(), folder / "t5-base")
    columns, states = torch.randint(2049, (1, 4, 40)), torch.randn(1, 7, 48)
    projection = below("enc_to_dec_proj.", read)
    projected = torch.nn.functional.linear(states, projection["weight"], projection["bias"])
    description = theirs.condition_provider.conditioners.description.output_proj(states)
    expected = theirs(columns, [], {"description": (description, torch.ones(1, 7))})[0]
    logits = ours(columns[0], encoder_hidden_states=projected, encoder_attention_mask=torch.ones(1, 7)).logits
    assert expected.std() > 1
    torch.testing.assert_close(logits, expected, rtol=0, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("pad_mode", ["constant", "reflect"])
def test_the_codec_sounds_like_audiocrafts(folder: Path, pad_mode: str) -> None:
    change(folder / CODEC, lambda package: package.update({"xp.cfg": f"{codec_yaml(folder)}\n".replace(
        "pad_mode: constant", f"pad_mode: {pad_mode}")}))  # fmt: skip
    read = read_checkpoint(folder)
    codes = torch.randint(2048, (1, 4, 25))
    expected = tiny_codec(codec_config(pad_mode)).decode(codes)
    audio = transformers_codec(read).decode(codes[None], [None]).audio_values
    assert audio.shape == (1, 1, 25 * 640)
    assert expected.std() > 0.05
    torch.testing.assert_close(audio, expected, rtol=0, atol=1e-4)


def test_tensors_have_memory_of_their_own(folder: Path) -> None:
    tensors = read_checkpoint(folder).tensors
    for name in ("decoder.model.decoder.layers.0.self_attn.k_proj.weight", "decoder.lm_heads.3.weight"):
        assert tensors[name].untyped_storage().nbytes() == tensors[name].nbytes


def test_references_within_the_configuration_are_followed(folder: Path) -> None:
    def refer(package: dict[str, Any]) -> None:
        text = package["xp.cfg"].replace("sample_rate: 32000", "sample_rate: ${sample_rate}")
        package["xp.cfg"] = text.replace("causal: false", "causal: ${a.b}") + "\nsample_rate: 32000\na: {b: false}\n"

    change(folder / CODEC, refer)
    assert read_checkpoint(folder).codec.sample_rate == 32_000


def test_attention_of_torchs_own_has_another_name(folder: Path) -> None:
    before = dict(read_checkpoint(folder).tensors)

    def rename(package: dict[str, Any]) -> None:
        state = package["best_state"]
        for name in [name for name in state if "attn.in_proj" in name or "attn.out_proj" in name]:
            state[name.replace("attn.", "attn.mha.")] = state.pop(name)

    change(folder / DECODER, rename)
    after = read_checkpoint(folder).tensors
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())


def test_a_codec_that_is_only_named_lies_beside_the_file(folder: Path) -> None:
    model = tiny_transformers()
    codec: Any = model.audio_encoder
    torch.save({"pretrained": "facebook/encodec_32khz", "exported": True, "version": "1.3.0"}, folder / CODEC)
    with pytest.raises(UserError, match="facebook/encodec_32khz, which is not on this computer") as refused:
        read_checkpoint(folder)
    assert str(folder / "encodec_32khz") in refused.value.hint
    codec.save_pretrained(folder / "encodec_32khz")
    read = read_checkpoint(folder)
    assert read.codec == CodecShape(filters=4, hidden=16)
    plain = codec.decoder.layers[0].conv.weight.detach()
    torch.testing.assert_close(read.tensors["audio_encoder.decoder.layers.0.conv.weight"], plain)


def test_what_is_only_named_may_lie_in_the_cache_of_hugging_face(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = tmp_path / "hub" / "models--google-t5--t5-base" / "snapshots" / "abc"
    snapshot.parent.mkdir(parents=True)
    (folder / "t5-base").rename(snapshot)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    assert read_checkpoint(folder).text.tokenizer == snapshot


def codec_yaml(folder: Path) -> str:
    text = torch.load(folder / CODEC, weights_only=True)["xp.cfg"]
    assert isinstance(text, str)
    return text


def change(file: Path, alter: Callable[[dict[str, Any]], object]) -> None:
    package = torch.load(file, weights_only=True)
    alter(package)
    torch.save(package, file)


Damage = Callable[[Path], object]


def settings(name: str, old: str, new: str) -> Damage:
    def alter(package: dict[str, Any]) -> None:
        assert old in package["xp.cfg"]
        package["xp.cfg"] = package["xp.cfg"].replace(old, new)

    return lambda folder: change(folder / name, alter)


def state(name: str, key: str, value: object) -> Damage:
    return lambda folder: change(folder / name, lambda package: package["best_state"].update({key: value}))


def package(name: str, **values: Any) -> Damage:
    return lambda folder: change(folder / name, lambda package: package.update(values))


def cut(name: str, size: int) -> Damage:
    return lambda folder: os.truncate(folder / name, size)


def write(name: str, content: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(content)


class Malice:
    """Unpickled without care it makes a file."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.made,))


def malicious(folder: Path) -> None:
    torch.save({"best_state": Malice(folder / "made"), "xp.cfg": "{}"}, folder / DECODER)


def malicious_pickle(folder: Path) -> None:
    (folder / DECODER).write_bytes(pickle.dumps(Malice(folder / "made")))


def without_pickle(folder: Path) -> None:
    with zipfile.ZipFile(folder / CODEC, "w") as archive:
        archive.writestr("a.txt", "no tensors")


def configured_by_object(folder: Path) -> None:
    torch.save({"best_state": {}, "xp.cfg": lm_config()}, folder / DECODER)


Q = "transformer.layers.0.self_attn.in_proj_weight"
BROKEN: dict[str, tuple[Damage, str]] = {
    "malicious": (malicious, DECODER),
    "a malicious pickle": (malicious_pickle, DECODER),
    "a configuration that is an object": (configured_by_object, DECODER),
    "garbage": (write(DECODER, os.urandom(4000)), DECODER),
    "nothing": (write(CODEC, b""), CODEC),
    "another archive": (without_pickle, CODEC),
    "cut off": (cut(DECODER, 300_000), DECODER),
    "no codec": (lambda folder: (folder / CODEC).unlink(), CODEC),
    "a list": (lambda folder: torch.save([1], folder / CODEC), CODEC),
    "no state": (package(DECODER, best_state=3), "best_state"),
    "words in the state": (state(DECODER, Q, "word"), "best_state"),
    "a sparse tensor": (state(DECODER, Q, torch.eye(4).to_sparse()), "best_state"),
    "another shape": (state(DECODER, Q, torch.zeros(192, 60)), DECODER),
    "a shape that is no three": (state(DECODER, Q, torch.zeros(191, 64)), DECODER),
    "an unknown tensor": (state(DECODER, "transformer.layers.0.layer_scale_1.scale", torch.zeros(64)), "layer_scale"),
    "an unknown tensor in the codec": (
        state(CODEC, "quantizer.vq.layers.0.project_out.bias", torch.zeros(4)),
        "layers.0.project_out",
    ),
    "no configuration": (package(DECODER, **{"xp.cfg": None}), DECODER),
    "no YAML": (package(DECODER, **{"xp.cfg": "a: [b"}), DECODER),
    "YAML with an object": (package(DECODER, **{"xp.cfg": "a: !!python/object/apply:os.getcwd []"}), DECODER),
    "a bomb": (package(DECODER, **{"xp.cfg": "a: ${b}\nb: ${a}\nlm_model: ${a}"}), "refers to itself"),
    "a word": (package(DECODER, **{"xp.cfg": "word"}), DECODER),
    "melody": (settings(DECODER, "conditioners:", "conditioners:\n  self_wav: {model: chroma_stem}"), "melodies"),
    "stereo": (settings(DECODER, "use: false", "use: true"), "stereo"),
    "eight codebooks": (settings(DECODER, "n_q: 4", "n_q: 8"), "stereo"),
    "another pattern": (settings(DECODER, "modeling: delay", "modeling: parallel"), "codebooks_pattern.modeling"),
    "post-norm": (settings(DECODER, "norm_first: true", "norm_first: false"), "norm_first"),
    "rotary positions": (settings(DECODER, "positional_embedding: sin", "positional_embedding: rope"), "positional"),
    "a negative width": (settings(DECODER, "dim: 64", "dim: -64"), "transformer_lm.dim is -64"),
    "absurd layers": (settings(DECODER, "num_layers: 2", "num_layers: 99999999999"), "num_layers"),
    "a layer too many": (settings(DECODER, "num_layers: 2", "num_layers: 1"), "layers.1."),
    "a missing layer": (settings(DECODER, "num_layers: 2", "num_layers: 3"), "layers.2."),
    "another text encoder": (settings(DECODER, "name: t5-base", "name: t5-large"), "t5-large"),
    "a path for a text encoder": (settings(DECODER, "name: t5-base", "name: ../../secret"), "../../secret"),
    "another rate": (settings(CODEC, "sample_rate: 32000", "sample_rate: 16000"), "16000 Hz"),
    "a causal codec": (settings(CODEC, "causal: false", "causal: true"), "causal"),
    "an activation at the end": (settings(CODEC, "final_activation: null", "final_activation: Tanh"), "Tanh"),
    "no text encoder": (lambda folder: shutil.rmtree(folder / "t5-base"), "t5-base"),
    "an empty text encoder": (lambda folder: (folder / "t5-base" / "config.json").unlink(), "t5-base"),
}


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "no-cache"))


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_model_is_refused_by_name(folder: Path, case: str) -> None:
    damage, named = BROKEN[case]
    damage(folder)
    with pytest.raises(UserError) as refused:
        read_checkpoint(folder)
    assert str(folder) in refused.value.title
    assert named in f"{refused.value} {refused.value.detail}"
    assert not (folder / "made").exists()


def test_a_folder_that_vanishes_between_two_reads_is_named(folder: Path) -> None:
    tensors = read_checkpoint(folder).tensors
    shutil.rmtree(folder)
    with pytest.raises(UserError, match=rf"{DECODER} is missing"):
        _ = tensors["decoder.lm_heads.0.weight"]
    with pytest.raises(UserError, match=rf"{CODEC} is missing"):
        _ = tensors["audio_encoder.decoder.layers.0.conv.weight"]
