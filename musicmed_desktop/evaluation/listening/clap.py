"""CLAP as an ear: texts and sounds as directions in one space (Wu et al. 2023, arXiv 2211.06687)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import ClapFeatureExtractor, ClapModel

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.engines.models.clap import CONFIG, PREPROCESSOR, WEIGHTS, check_clap, read_config
from musicmed_desktop.engines.models.headers import read_object, spoilt
from musicmed_desktop.engines.musicgen.text import read_tokenizer

HEARING_RATE = 48_000  # Hz
PIECE = 10 * HEARING_RATE  # samples; what CLAP hears at once
MAX_TOKENS = 77  # of a text, as CLAP was trained (LAION-AI/CLAP, laion_clap/training/data.py)
_REMEMBERED = 2000  # sentences: an evaluation asks for the same ones again and again
# The published models have all of these in common; with others the picture of the sound would not fit the model.
_PICTURE = {"sampling_rate": HEARING_RATE, "max_length_s": 10, "hop_length": 480, "feature_size": 64}
_MODEL = {"spec_size": 256, "num_mel_bins": 64}


class Clap:
    """CLAP from the `folder` that transformers writes, in float32 on `device`. Nothing is fetched from anywhere.

    `name` is the folder's, for the report. Raises UserError where the folder holds no whole CLAP.
    """

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        check_clap(folder)
        self.name = folder.resolve().name
        self._device = torch.device(device)
        self._extractor = _read_extractor(folder / PREPROCESSOR)
        self._model = _read_model(folder).to(self._device)
        self._fused: bool = self._model.config.audio_config.enable_fusion
        table: Tensor = self._model.text_model.embeddings.word_embeddings.weight
        self._tokenizer = read_tokenizer(folder, len(table))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._remembered = lru_cache(_REMEMBERED)(self._text)

    @torch.inference_mode()
    def text(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Where the sentences lie, (n, d), each of length 1. What was asked before is remembered."""
        return np.stack([self._remembered(sentence) for sentence in sentences])

    @torch.inference_mode()
    def sound(self, samples: Frames, sample_rate: int) -> NDArray[np.float32]:
        """Where the sound lies, (d,), of length 1; `samples` is (n, channels) of any length but none.

        CLAP hears 10 s at once, and of longer music transformers would take random parts. Here it hears one piece of
        10 s after the other, and the mean counts, in which the rest at the end weighs as much less as it is shorter.
        """
        mono = _mono(samples, sample_rate)
        pieces = [mono[start : start + PIECE] for start in range(0, len(mono), PIECE)]
        mean = np.average([self._piece(piece) for piece in pieces], axis=0, weights=[len(piece) for piece in pieces])
        unit: NDArray[np.float32] = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit

    def _text(self, sentence: str) -> NDArray[np.float32]:
        tokens = torch.tensor([self._tokenizer.encode(sentence).ids], device=self._device)
        mask = torch.ones_like(tokens)  # no padding; without a mask transformers warns of it
        return _vector(self._model.get_text_features(input_ids=tokens, attention_mask=mask))

    def _piece(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """What transformers makes of at most 10 s; it repeats what is shorter. One alone is never left to chance."""
        picture = self._extractor(
            piece,
            truncation="fusion" if self._fused else "rand_trunc",
            sampling_rate=HEARING_RATE,
            return_tensors="pt",
        )
        return _vector(self._model.get_audio_features(**picture.to(self._device)))


def _vector(features: Any) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = features.pooler_output[0].cpu().numpy()
    return vector


def _mono(samples: Frames, sample_rate: int) -> NDArray[np.float32]:
    """The mean of the channels at 48 kHz, (n,)."""
    import soxr

    if samples.ndim != 2 or not samples.size:
        raise ValueError(f"samples have the shape {samples.shape}; it must be (n, channels)")
    mono: NDArray[np.float32] = samples.mean(axis=1, dtype=np.float32)
    return mono if sample_rate == HEARING_RATE else soxr.resample(mono, sample_rate, HEARING_RATE)


def _read_extractor(file: Path) -> Any:
    values = read_object(file)
    if any(values.get(name, value) != value for name, value in _PICTURE.items()):
        raise spoilt(file, "it does not say how CLAP listens", f"{_PICTURE} is expected")
    return ClapFeatureExtractor.from_dict(values)


def _read_model(folder: Path) -> Any:
    """Without from_pretrained, which would follow other files of the folder, and draw a progress bar."""
    from safetensors.torch import load_file

    config = read_config(folder / CONFIG)
    if any(getattr(config.audio_config, name) != value for name, value in _MODEL.items()):
        raise spoilt(folder / CONFIG, "it does not describe CLAP", f"{_MODEL} is expected")
    with torch.random.fork_rng(devices=[]):
        model: Any = ClapModel(config)
    stored = load_file(folder / WEIGHTS)
    weights = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in stored.items()}
    model.load_state_dict(weights, strict=False, assign=True)  # check_clap has found them all
    return model.eval().requires_grad_(False)
