"""Models in AudioCraft's own files: what is read is what was written, and what is no model is named."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from musicmed_desktop.engines.audiocraft.loading import load_musicgen
from musicmed_desktop.engines.musicgen.checkpoint.from_audiocraft import CODEC_FILE, DECODER_FILE
from musicmed_desktop.errors import UserError
from tests.fakes.audiocraft import TEXT_ENCODER
from tests.fakes.musicgen import tiny_transformers


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def change(file: Path, **entries: Any) -> None:
    package = torch.load(file, weights_only=True)
    torch.save(package | {name.replace("_", ".", name == "xp_cfg"): value for name, value in entries.items()}, file)


def test_the_weights_are_those_of_the_files(folder: Path) -> None:
    model = load_musicgen(folder, "cpu", "cpu")
    for part, file in ((model.lm, DECODER_FILE), (model.compression_model, CODEC_FILE)):
        written = torch.load(folder / file, weights_only=True)["best_state"]
        assert written
        torch.testing.assert_close(part.state_dict(), written, rtol=0, atol=0)
    assert not model.lm.training
    assert (model.sample_rate, model.audio_channels, model.frame_rate) == (32_000, 1, 50)


def test_the_text_encoder_lies_beside_the_model(folder: Path) -> None:
    from transformers import T5EncoderModel

    conditioner = load_musicgen(folder, "cpu", "cpu").lm.condition_provider.conditioners["description"]
    beside = T5EncoderModel.from_pretrained(folder / TEXT_ENCODER)
    torch.testing.assert_close(conditioner.t5.state_dict(), beside.state_dict(), rtol=0, atol=0)


def test_a_codec_that_is_only_named_lies_beside_the_model(copy: Path) -> None:
    codec: Any = tiny_transformers().audio_encoder
    codec.save_pretrained(copy / "encodec_32khz")
    torch.save({"pretrained": "facebook/encodec_32khz", "exported": True, "version": "1.3.0"}, copy / CODEC_FILE)
    model = load_musicgen(copy, "cpu", "cpu")
    codes = torch.randint(0, 2048, (1, 4, 20))
    with torch.no_grad():
        expected = codec.decode(codes[None], [None]).audio_values
    torch.testing.assert_close(model.generate_audio(codes), expected)


@pytest.mark.parametrize("file", [DECODER_FILE, CODEC_FILE])
def test_a_folder_without_audiocrafts_files_is_refused(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(UserError, match="does not hold a model in AudioCraft's own files") as raised:
        load_musicgen(copy, "cpu", "cpu")
    assert file in raised.value.hint


@pytest.mark.parametrize("file", [DECODER_FILE, CODEC_FILE])
def test_a_truncated_file_is_named(copy: Path, file: str) -> None:
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=rf"The file .*{file} is damaged"):
        load_musicgen(copy, "cpu", "cpu")


@pytest.mark.parametrize("entries", [{"xp_cfg": None}, {"best_state": {}}, {"best_state": None}])
@pytest.mark.parametrize("file", [DECODER_FILE, CODEC_FILE])
def test_a_foreign_file_is_named(copy: Path, file: str, entries: dict[str, Any]) -> None:
    change(copy / file, **entries)
    with pytest.raises(UserError, match=rf"The file .*{file} is damaged"):
        load_musicgen(copy, "cpu", "cpu")


def test_a_file_with_a_program_inside_is_not_run(copy: Path) -> None:
    class Program:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (copy / "was here",)

    torch.save({"best_state": {}, "xp.cfg": Program()}, copy / DECODER_FILE)
    with pytest.raises(UserError, match=rf"The file .*{DECODER_FILE} is damaged"):
        load_musicgen(copy, "cpu", "cpu")
    assert not (copy / "was here").exists()


def test_a_melody_model_is_refused(copy: Path) -> None:
    config = torch.load(copy / DECODER_FILE, weights_only=True)["xp.cfg"]
    melody = config.replace("  description:", "  self_wav: {model: chroma_stem}\n  description:")
    assert melody != config
    change(copy / DECODER_FILE, xp_cfg=melody)
    with pytest.raises(UserError, match="follows melodies"):
        load_musicgen(copy, "cpu", "cpu")


def test_a_text_encoder_that_is_nowhere_is_named_and_not_downloaded(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "empty"))
    shutil.rmtree(copy / TEXT_ENCODER)
    with pytest.raises(UserError, match="needs t5-base, which is not on this computer") as raised:
        load_musicgen(copy, "cpu", "cpu")
    assert str(copy / TEXT_ENCODER) in raised.value.hint


def test_half_a_text_encoder_is_named(copy: Path) -> None:
    (copy / TEXT_ENCODER / "model.safetensors").unlink()
    with pytest.raises(UserError, match=rf"{TEXT_ENCODER} is damaged"):
        load_musicgen(copy, "cpu", "cpu")
