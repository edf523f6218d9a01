from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.encoder import Encoder
from tests.fakes.audiocraft import TEXT_ENCODER, save_audiocraft, tiny_codec
from tests.fakes.musicgen import save_transformers, tiny_transformers

WEIGHTS = "model.safetensors"
NEWER = {".parametrizations.weight.original0": ".weight_g", ".parametrizations.weight.original1": ".weight_v"}


def noise(items: int, samples: int, seed: int = 0) -> Tensor:
    return 0.2 * torch.randn(items, samples, generator=torch.Generator().manual_seed(seed))


def published(codec: Any, samples: Tensor) -> Tensor:
    """transformers' own codes of each item alone."""
    with torch.no_grad():
        return torch.cat([codec.encode(item[None, None], bandwidth=2.2).audio_codes[0] for item in samples])


@pytest.mark.parametrize("samples", [640, 641, 32_000, 95_999, 96_001])
def test_codes_are_exactly_those_of_transformers(encoder: Encoder, model: Any, samples: int) -> None:
    sound = noise(1, samples)
    codes = encoder.encode(sound)
    assert codes.shape == (1, encoder.codebooks, -(-samples // 640))
    assert codes.dtype == torch.int64
    assert torch.equal(codes, published(model.audio_encoder, sound))


def test_codes_are_of_many_values(encoder: Encoder) -> None:
    codes = encoder.encode(noise(1, 320_000))
    assert all(len(book.unique()) > 50 for book in codes[0])
    assert set(codes.flatten().tolist()) <= set(range(2048))


def test_a_batch_is_as_its_items_but_for_one_code_in_a_hundred(encoder: Encoder) -> None:
    sounds = noise(5, 96_000)
    alone = torch.cat([encoder.encode(sound[None]) for sound in sounds])
    assert (encoder.encode(sounds) == alone).float().mean() >= 0.99


def test_what_it_says_of_itself(encoder: Encoder) -> None:
    assert (encoder.sample_rate, encoder.codebooks, encoder.frame_rate) == (32_000, 4, 50.0)
    assert len(bytes.fromhex(encoder.fingerprint)) == 32


def test_it_stays_on_the_processor_where_apples_gpu_is_asked_for(folder: Path, encoder: Encoder) -> None:
    assert torch.equal(Encoder(folder, "mps").encode(noise(1, 6400)), encoder.encode(noise(1, 6400)))


def test_nobody_elses_random_numbers_change(folder: Path) -> None:
    before = torch.get_rng_state()
    Encoder(folder)
    assert torch.equal(torch.get_rng_state(), before)


def alone(model: Any, to: Path) -> None:
    model.audio_encoder.save_pretrained(to)


def in_shards(model: Any, to: Path) -> None:
    save_transformers(model, to, max_shard_size="300KB")
    assert len(list(to.glob("*.safetensors"))) > 2


def as_published(model: Any, to: Path) -> None:
    """With the older names of weight norm."""
    save_transformers(model, to)
    tensors = load_file(to / WEIGHTS)
    for new, old in NEWER.items():
        tensors = {name.removesuffix(new) + old if name.endswith(new) else name: t for name, t in tensors.items()}
    assert any(name.endswith(".weight_g") for name in tensors)
    save_file(tensors, to / WEIGHTS, {"format": "pt"})


@pytest.mark.parametrize("save", [alone, in_shards, as_published])
def test_another_folder_with_the_same_codec(
    save: Callable[[Any, Path], None], encoder: Encoder, model: Any, tmp_path: Path
) -> None:
    save(model, tmp_path)
    other = Encoder(tmp_path)
    assert other.fingerprint == encoder.fingerprint
    assert torch.equal(other.encode(noise(1, 32_000)), encoder.encode(noise(1, 32_000)))


def test_models_that_differ_in_all_else_have_one_fingerprint(encoder: Encoder, model: Any, tmp_path: Path) -> None:
    larger: Any = tiny_transformers(hidden=128, heads=8, seed=1)
    larger.audio_encoder.load_state_dict(model.audio_encoder.state_dict())
    torch.nn.init.zeros_(larger.audio_encoder.decoder.layers[0].conv.bias)  # codes do not depend on it
    assert Encoder(save_transformers(larger, tmp_path)).fingerprint == encoder.fingerprint


def test_other_weights_have_another_fingerprint(encoder: Encoder, model: Any, tmp_path: Path) -> None:
    save_transformers(model, tmp_path)
    tensors = load_file(tmp_path / WEIGHTS)
    tensors["audio_encoder.quantizer.layers.3.codebook.embed"][-1, -1] += 1e-6
    save_file(tensors, tmp_path / WEIGHTS, {"format": "pt"})
    assert Encoder(tmp_path).fingerprint != encoder.fingerprint


def test_other_edges_have_another_fingerprint(encoder: Encoder, model: Any, tmp_path: Path) -> None:
    save_transformers(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_bytes())
    config["audio_encoder"]["pad_mode"] = "constant"
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert Encoder(tmp_path).fingerprint != encoder.fingerprint


@pytest.fixture(scope="module")
def audiocraft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_audiocraft(tmp_path_factory.mktemp("audiocraft"))


@pytest.mark.parametrize("samples", [640, 32_000, 95_999])
def test_codes_of_audiocrafts_files_are_audiocrafts(audiocraft: Path, samples: int) -> None:
    sound = noise(1, samples)
    with torch.no_grad():
        theirs, scale = tiny_codec().encode(sound[:, None])
    assert scale is None
    assert torch.equal(Encoder(audiocraft).encode(sound), theirs)


def test_audiocrafts_files_may_only_name_the_codec(
    audiocraft: Path, encoder: Encoder, model: Any, tmp_path: Path
) -> None:
    shutil.copytree(audiocraft / TEXT_ENCODER, tmp_path / TEXT_ENCODER)
    shutil.copyfile(audiocraft / "state_dict.bin", tmp_path / "state_dict.bin")
    torch.save({"pretrained": "facebook/encodec_32khz"}, tmp_path / "compression_state_dict.bin")
    with pytest.raises(UserError, match="not on this computer"):
        Encoder(tmp_path)
    alone(model, tmp_path / "encodec_32khz")
    assert Encoder(tmp_path).fingerprint == encoder.fingerprint


def nothing(_: Path) -> None:
    pass


def only_a_decoder(folder: Path) -> None:
    folder.joinpath("config.json").write_text('{"model_type": "musicgen"}')
    save_file({"decoder.lm_heads.0.weight": torch.zeros(1)}, folder / WEIGHTS, {"format": "pt"})


@pytest.mark.parametrize("make", [nothing, only_a_decoder])
def test_a_folder_without_a_codec(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(UserError, match="holds no codec") as caught:
        Encoder(tmp_path)
    assert "--codec" in caught.value.hint


def without(part: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        tensors = load_file(folder / WEIGHTS)
        save_file({name: t for name, t in tensors.items() if part not in name}, folder / WEIGHTS, {"format": "pt"})

    return damage


def of_another_shape(folder: Path) -> None:
    tensors = load_file(folder / WEIGHTS)
    tensors["quantizer.layers.0.codebook.embed"] = torch.zeros(2048, 17)
    save_file(tensors, folder / WEIGHTS, {"format": "pt"})


def cut_off(folder: Path) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) // 2])


def another_rate(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps(config | {"sampling_rate": 24_000}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (without("encoder.layers.0"), "encoder.layers.0"),
        (without("layers.2.codebook.embed"), "layers.2.codebook.embed is missing"),
        (of_another_shape, "damaged"),
        (cut_off, "damaged"),
        (another_rate, "24000"),
        (lambda folder: (folder / WEIGHTS).unlink(), "missing"),
    ],
)
def test_a_codec_that_is_not_whole(damage: Callable[[Path], None], says: str, model: Any, tmp_path: Path) -> None:
    alone(model, tmp_path)
    damage(tmp_path)
    with pytest.raises(UserError) as caught:
        Encoder(tmp_path)
    assert says in f"{caught.value.title} {caught.value.detail}"
