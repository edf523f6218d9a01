from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.utils.parametrize import remove_parametrizations
from transformers import EncodecConfig, EncodecModel, T5Config, T5EncoderModel, T5ForConditionalGeneration

from musicmed_desktop.engines.musicgen.checkpoint.layout import codec_layout
from musicmed_desktop.engines.musicgen.checkpoint.parts import read_codec_folder, read_text_folder
from musicmed_desktop.engines.musicgen.checkpoint.stored import StoredTensors
from musicmed_desktop.errors import UserError
from tests.fakes.musicgen import save_tokenizer

T5: dict[str, Any] = {
    "decoder_start_token_id": 0,
    "vocab_size": 60,
    "d_model": 48,
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": 3,
    "num_heads": 4,
}


@pytest.mark.parametrize("feed_forward", ["relu", "gated-gelu"])
@pytest.mark.parametrize("kind", [T5EncoderModel, T5ForConditionalGeneration])
def test_t5_is_read_with_its_decoder_or_without(tmp_path: Path, feed_forward: str, kind: Any) -> None:
    model = kind(T5Config(**T5, feed_forward_proj=feed_forward))
    model.save_pretrained(tmp_path)
    text = read_text_folder(save_tokenizer(tmp_path))
    encoder: Any = T5EncoderModel(T5Config(**text.config))
    encoder.load_state_dict(dict(text.tensors))
    for name, tensor in encoder.encoder.state_dict().items():
        assert torch.equal(tensor, model.encoder.state_dict()[name]), name


@pytest.mark.parametrize("change", [{}, {"use_conv_shortcut": True}, {"num_residual_layers": 2, "num_lstm_layers": 1}])
def test_every_shape_of_codec_has_the_names_of_transformers(tmp_path: Path, change: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "use_causal_conv": False,
        "use_conv_shortcut": False,
        "codebook_size": 2048,
        "target_bandwidths": [2.2],
    }
    values |= {"sampling_rate": 32_000, "upsampling_ratios": [8, 5, 4, 4], "num_filters": 4, "hidden_size": 16} | change
    codec: Any = EncodecModel(EncodecConfig(**values))
    codec.save_pretrained(tmp_path)
    shape, stored = read_codec_folder(tmp_path)
    tensors = StoredTensors(stored)
    for module in codec.modules():
        if hasattr(module, "parametrizations"):
            remove_parametrizations(module, "weight")
    expected = {f"audio_encoder.decoder.{name}": tensor for name, tensor in codec.decoder.state_dict().items()}
    layout = codec_layout(shape)
    assert {name for name in layout if "decoder" in name} == expected.keys()
    for name, tensor in expected.items():
        assert layout[name] == tensor.shape
        torch.testing.assert_close(tensors[name], tensor, rtol=1e-6, atol=1e-7)


def test_another_programs_tokenizer_is_not_enough(tmp_path: Path) -> None:
    T5EncoderModel(T5Config(**T5)).save_pretrained(tmp_path)
    (save_tokenizer(tmp_path) / "tokenizer.json").rename(tmp_path / "spiece.model")
    with pytest.raises(UserError, match=r"tokenizer\.json is missing"):
        read_text_folder(tmp_path)


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    for read in (read_codec_folder, read_text_folder):
        with pytest.raises(UserError, match=r"config\.json .*'bert'"):
            read(tmp_path)
