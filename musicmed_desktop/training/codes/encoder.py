"""EnCodec's encoder (Defossez et al. 2022, arXiv 2210.13438), by transformers: from music to MusicGen's codes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import EncodecConfig, EncodecModel

from musicmed_desktop.engines.musicgen.checkpoint.layout import chosen
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored
from musicmed_desktop.engines.musicgen.shapes import CodecShape
from musicmed_desktop.training.codes.codec_files import read_codec

_BANDWIDTH = 2.2  # kb/s: 4 codebooks x 11 bits x 50 Hz, as in the configuration of the published models
_TRAINING_ONLY = (".inited", ".cluster_size", ".embed_avg")


class Encoder:
    """A codec's encoder and codebooks, in 32-bit numbers.

    `sample_rate` in Hz, `codebooks` and `frame_rate` in Hz describe it. `fingerprint`, 64 hexadecimal digits, is the
    same for all folders with the same codec, and only for those.
    """

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        """Load the codec of `folder`, as `read_codec` finds it; raises UserError where its files are damaged.

        On Apple's GPU ("mps") it stays on the processor, as wrong codes are reported from there.
        """
        shape, stored = read_codec(folder)
        self.sample_rate = shape.sample_rate
        self.codebooks = shape.codebooks
        self.frame_rate = shape.frame_rate
        settings = _settings(shape)
        model = _empty(settings)
        _fill(model, stored, folder)
        self.fingerprint = _fingerprint(settings, _tensors(model))
        self._device = torch.device("cpu" if device.startswith("mps") else device)
        self._model = model.to(self._device)

    def encode(self, samples: Tensor) -> Tensor:
        """Music in mono, [B, n] float32 at `sample_rate`, to its codes, [B, K, T] int64 on the CPU, T = ceil(n / hop).

        Those of one item alone are exactly transformers' own. Within a batch sums may be rounded in another order, as
        on another device; that changes a code where two entries of a codebook fit almost equally well, below 1 % of
        them within a batch.
        """
        with torch.no_grad():
            sound = samples[:, None].to(self._device, torch.float32)
            codes: Tensor = self._model.encode(sound, bandwidth=_BANDWIDTH).audio_codes[0]
        return codes.cpu()


def _settings(shape: CodecShape) -> dict[str, Any]:
    """In the words of transformers' EncodecConfig."""
    return {
        "sampling_rate": shape.sample_rate,
        "upsampling_ratios": list(shape.ratios),
        "num_filters": shape.filters,
        "hidden_size": shape.hidden,
        "kernel_size": shape.kernel,
        "last_kernel_size": shape.last_kernel,
        "residual_kernel_size": shape.residual_kernel,
        "num_residual_layers": shape.residual_layers,
        "dilation_growth_rate": shape.dilation_growth,
        "compress": shape.compress,
        "num_lstm_layers": shape.lstm_layers,
        "use_conv_shortcut": shape.conv_shortcut,
        "pad_mode": shape.pad_mode,
        "codebook_size": shape.codebook_size,
        "use_causal_conv": False,
        "target_bandwidths": [_BANDWIDTH],
    }


def _empty(settings: Mapping[str, Any]) -> Any:
    """EncodecModel without its decoder. Its first weights are random; nobody else's random numbers change by that."""
    with torch.random.fork_rng(devices=[]):
        model: Any = EncodecModel(EncodecConfig(**settings))
    model.decoder = torch.nn.Identity()
    return model.train(False)


def _tensors(model: Any) -> dict[str, Tensor]:
    """Those that codes depend on."""
    return {name: tensor for name, tensor in model.state_dict().items() if not name.endswith(_TRAINING_ONLY)}


def _fill(model: Any, stored: Mapping[str, Stored], folder: Path) -> None:
    """Raises UserError where a tensor is missing or has another shape."""
    layout = {name: tuple(tensor.shape) for name, tensor in _tensors(model).items()}
    model.load_state_dict(dict(chosen(stored, layout, folder)), strict=False)


def _fingerprint(settings: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {list(tensor.shape)}".encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()
