from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
import torch
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.listening.clap import MAX_TOKENS, Clap
from tests.fakes.models import copied, save_clap

RATE = 48_000
SENTENCES = ("calm music", "sad, slow ambient music with piano", "a")


@pytest.fixture(scope="module", params=[True, False], ids=["fused", "unfused"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clap(tmp_path_factory.mktemp("models") / "tiny-clap", fused=request.param)


@pytest.fixture(scope="module")
def clap(folder: Path) -> Clap:
    return Clap(folder)


@pytest.fixture(scope="module")
def unfused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clap(tmp_path_factory.mktemp("models") / "clap")


def music(seconds: float, rate: int = RATE, channels: int = 1) -> Frames:
    """A glide with some noise, another in each channel."""
    time_s = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(0).normal(0, 0.02, (len(time_s), channels))
    glides = [0.3 * np.sin(2 * np.pi * (200 + 100 * channel + 40 * time_s) * time_s) for channel in range(channels)]
    return (np.stack(glides, axis=1) + noise).astype(np.float32)


def by_transformers(folder: Path, mono: Any) -> Any:
    """What transformers' own pipeline hears in at most 10 s."""
    extractor: Any = ClapFeatureExtractor.from_pretrained(folder)
    model: Any = ClapModel.from_pretrained(folder)
    heard = extractor(mono, sampling_rate=RATE, return_tensors="pt")
    with torch.inference_mode():
        return model.get_audio_features(**heard).pooler_output[0].numpy()


@pytest.mark.parametrize("seconds", [10.0, 7.3, 0.5])
def test_a_piece_sounds_as_it_does_to_transformers(folder: Path, clap: Clap, seconds: float) -> None:
    piece = music(seconds)
    np.testing.assert_allclose(clap.sound(piece, RATE), by_transformers(folder, piece[:, 0]), atol=1e-5)


def test_texts_lie_where_transformers_puts_them(folder: Path, clap: Clap) -> None:
    model: Any = ClapModel.from_pretrained(folder)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer(list(SENTENCES), padding=True, return_tensors="pt")
    with torch.inference_mode():
        wanted = model.get_text_features(tokens["input_ids"], tokens["attention_mask"]).pooler_output.numpy()
    np.testing.assert_allclose(clap.text(SENTENCES), wanted, atol=1e-5)
    assert np.abs(wanted[0] - wanted[1]).max() > 0.01


def test_longer_music_is_the_mean_of_its_pieces_and_never_left_to_chance(folder: Path, clap: Clap) -> None:
    whole = music(23.0)
    pieces = [by_transformers(folder, whole[start : start + 10 * RATE, 0]) for start in (0, 10 * RATE, 20 * RATE)]
    mean = 10 * pieces[0] + 10 * pieces[1] + 3 * pieces[2]  # the rest counts by its length
    np.random.seed(1)
    first = clap.sound(whole, RATE)
    np.random.seed(2)
    np.testing.assert_array_equal(clap.sound(whole, RATE), first)
    np.testing.assert_allclose(first, mean / np.linalg.norm(mean), atol=1e-5)
    assert first.dtype == np.float32


def test_all_lengths_are_1(clap: Clap) -> None:
    np.testing.assert_allclose(np.linalg.norm(clap.text(SENTENCES), axis=1), 1, rtol=1e-5)
    assert np.linalg.norm(clap.sound(music(12.0), RATE)) == pytest.approx(1)


def test_it_hears_the_mean_of_the_channels_at_its_own_rate(unfused: Path) -> None:
    clap = Clap(unfused)
    stereo = music(4.0, 44_100, channels=2)
    mono = soxr.resample(stereo.mean(axis=1), 44_100, RATE)
    np.testing.assert_allclose(clap.sound(stereo, 44_100), clap.sound(mono[:, np.newaxis], RATE), atol=1e-5)


def test_what_is_remembered_of_a_text_cannot_be_changed_by_whoever_asked(unfused: Path) -> None:
    clap = Clap(unfused)
    first = clap.text(["calm music"])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(clap.text(["calm music"]), kept)


def test_texts_are_cut_as_in_training(unfused: Path) -> None:
    clap = Clap(unfused)
    long = "calm " * (2 * MAX_TOKENS)
    cut, other = clap.text([long, long + "sad"])
    np.testing.assert_array_equal(cut, other)
    assert (clap.text(["calm"])[0] != cut).any()


def test_it_goes_by_the_name_of_its_folder_and_leaves_chance_alone(unfused: Path) -> None:
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    assert Clap(unfused).name == "clap"
    assert torch.equal(torch.random.get_rng_state(), before)


def test_half_precision_files_are_used_in_full_precision(unfused: Path, tmp_path: Path) -> None:
    model: Any = ClapModel.from_pretrained(unfused)
    half = copied(unfused, tmp_path / "half")
    (half / "model.safetensors").unlink()
    model.half().save_pretrained(half)
    piece = music(2.0)
    np.testing.assert_allclose(Clap(half).sound(piece, RATE), Clap(unfused).sound(piece, RATE), atol=0.02)


@pytest.mark.parametrize("samples", [np.zeros((0, 2), np.float32), np.zeros(48_000, np.float32)])
def test_what_is_no_sound_is_refused(unfused: Path, samples: Any) -> None:
    with pytest.raises(ValueError, match="samples have the shape"):
        Clap(unfused).sound(samples, RATE)


@pytest.mark.parametrize(
    ("file", "part", "change", "said"),
    [
        ("preprocessor_config.json", None, {"sampling_rate": 16_000}, "does not say how CLAP listens"),
        ("preprocessor_config.json", None, {"max_length_s": 5}, "does not say how CLAP listens"),
        ("config.json", "audio_config", {"spec_size": 128}, "does not describe CLAP"),
    ],
)
def test_a_model_that_hears_in_another_way_is_refused(
    unfused: Path, tmp_path: Path, file: str, part: str | None, change: dict[str, int], said: str
) -> None:
    folder = copied(unfused, tmp_path / "other")
    settings = json.loads((folder / file).read_text())
    (settings[part] if part else settings).update(change)
    (folder / file).unlink()
    (folder / file).write_text(json.dumps(settings))
    with pytest.raises(UserError, match=said):
        Clap(folder)


def test_a_folder_without_clap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is missing"):
        Clap(tmp_path)
