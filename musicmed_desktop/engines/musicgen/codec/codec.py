"""Codes to samples: a whole clip at once, or a stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from time import perf_counter

import numpy as np
import torch

from musicmed_desktop.audio.frames import Frames, silence
from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.codec import weights
from musicmed_desktop.engines.musicgen.codec.layers import Layer, LocalLayer
from musicmed_desktop.engines.musicgen.shapes import CodecShape

BLOCK_FRAMES = 100  # are computed at a time: that bounds the memory, whatever the length of a feed


class Codec:
    """EnCodec's decoder and quantizer, float32 on the CPU by default. May be shared by threads."""

    def __init__(self, shape: CodecShape, tensors: Tensors, device: str = "cpu") -> None:
        """`tensors` have the names of Checkpoint.tensors. ValueError for a `pad_mode` that CodecShape does not know."""
        if shape.pad_mode not in ("reflect", "constant"):
            raise ValueError(f"unknown pad_mode {shape.pad_mode!r}")

        def read(name: str) -> torch.Tensor:
            return tensors[f"audio_encoder.{name}"].to(device, torch.float32)

        self.shape = shape
        self._codebooks = weights.codebooks(shape, read)
        self._by_frame = weights.by_frame(shape, read)
        self._upsampling = weights.upsampling(shape, read)

    def decode(self, codes: torch.Tensor) -> Frames:
        """A whole clip. codes: [K, T] integers in [0, codebook_size), else ValueError -> (T * hop, 1)."""
        stream = self.stream()
        return np.concatenate([stream.feed(codes), stream.finish()])

    def stream(self, before: torch.Tensor | None = None) -> CodecStream:
        """A clip that comes in pieces.

        It continues what the codes `before` [K, c] have played, without playing that again. ValueError as in `decode`.
        """
        by_frame, upsampling = [make() for make in self._by_frame], [make() for make in self._upsampling]
        stream = CodecStream(self._quantized, by_frame, upsampling, self.shape.hop)
        if before is not None:
            stream.remember(before)
        return stream

    def pace(self) -> float:
        """Measure how many seconds it takes to make a second of sound in a stream."""
        codes, stream = torch.zeros(self.shape.codebooks, BLOCK_FRAMES, dtype=torch.int64), self.stream()
        stream.feed(codes)  # the first feed gives less
        begun = perf_counter()
        stream.feed(codes)
        return (perf_counter() - begun) * self.shape.frame_rate / BLOCK_FRAMES

    def _quantized(self, codes: torch.Tensor) -> torch.Tensor:
        """codes: [K, n] -> the sums of their entries in the codebooks, [n, hidden]."""
        count, size = self._codebooks.shape[:2]
        if codes.ndim != 2 or len(codes) != count:
            raise ValueError(f"codes must be [{count}, n], not {list(codes.shape)}")
        if codes.numel() and not 0 <= int(codes.min()) <= int(codes.max()) < size:
            raise ValueError(f"codes must lie in [0, {size}), these lie in [{codes.min()}, {codes.max()}]")
        codes = codes.to(self._codebooks.device)
        return torch.stack([book[row] for book, row in zip(self._codebooks, codes, strict=True)]).sum(0)


class CodecStream:
    """Plays each sample as soon as no later code can change it. What it computes and keeps does not grow with the clip,
    and nothing is computed twice: each layer keeps the few rows of its input that its later outputs need."""

    def __init__(
        self,
        quantized: Callable[[torch.Tensor], torch.Tensor],
        by_frame: Sequence[Layer],
        upsampling: Sequence[LocalLayer],
        hop: int,
    ) -> None:
        """New layers: those `by_frame`, and those behind them that lead to `hop` samples per frame."""
        self._quantized = quantized
        self._by_frame = by_frame
        self._upsampling = upsampling
        self._hop = hop
        self._no_frame: torch.Tensor | None = None  # [0, hidden], as soon as the clip has a frame
        self._unwanted = 0  # samples to come that were played already

    def feed(self, codes: torch.Tensor) -> Frames:
        """The next codes, [K, n], n at least 0 -> the samples that are certain now, (m, 1). Errors as in `decode`."""
        with torch.inference_mode():
            return np.concatenate([self._advance(x) for x in torch.split(self._quantized(codes), BLOCK_FRAMES)])

    def finish(self) -> Frames:
        """The clip ends here: the rest of its samples, (m, 1). Nothing can be fed after that."""
        if self._no_frame is None:
            return silence(0, 1)
        with torch.inference_mode():
            return self._advance(self._no_frame, last=True)

    def remember(self, before: torch.Tensor) -> None:
        """Begin behind codes that were played, [K, c]. All of them pass the LSTM, the last few what is behind it."""
        with torch.inference_mode():
            x = self._by_frame_of(self._quantized(before))
            first = min(max(0, before.shape[1] - self._context_frames()), len(x))
            self._unwanted = (before.shape[1] - first) * self._hop
            self._upsampled(x[first:])

    def _advance(self, x: torch.Tensor, last: bool = False) -> Frames:
        return self._upsampled(self._by_frame_of(x, last), last)

    def _by_frame_of(self, x: torch.Tensor, last: bool = False) -> torch.Tensor:
        """x: [n, hidden] -> [m, width]."""
        if len(x):
            self._no_frame = x[:0]
        for layer in self._by_frame:
            x = layer.feed(x, last)
        return x

    def _upsampled(self, x: torch.Tensor, last: bool = False) -> Frames:
        """x: [n, width] -> (m, 1), without what was played already."""
        for layer in self._upsampling:
            x = layer.feed(x, last)
        unwanted = min(self._unwanted, len(x))
        self._unwanted -= unwanted
        return x[unwanted:].cpu().numpy()

    def _context_frames(self) -> int:
        """How many frames before a moment the layers from frames to samples must see to be right from there on."""
        return reduce(lambda rows, layer: layer.context(rows), reversed(self._upsampling), 0)
