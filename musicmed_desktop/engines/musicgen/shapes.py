"""The sizes of a MusicGen model's parts, and the numbers that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

FRAME_RATE = 50  # codec frames per second
CODEBOOKS = 4
CODEBOOK_SIZE = 2048
WINDOW_S = 30  # of music at a time, as the published models were trained
WINDOW_FRAMES = WINDOW_S * FRAME_RATE
# Codebook k comes k steps late, and everything one step late behind the first, empty column.
POSITIONS = WINDOW_FRAMES + CODEBOOKS


@dataclass(frozen=True)
class DecoderShape:
    """The transformer that writes the music's tokens.

    `hidden` is its width, `ffn` the inner width of its MLPs, `text_hidden` the width of the text encoder's states.
    """

    hidden: int
    layers: int
    heads: int
    ffn: int
    text_hidden: int = 768
    codebooks: int = CODEBOOKS
    codebook_size: int = CODEBOOK_SIZE

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads

    @property
    def empty(self) -> int:
        """The token that stands where a codebook has no code yet."""
        return self.codebook_size


SMALL = DecoderShape(hidden=1024, layers=24, heads=16, ffn=4096)
MEDIUM = DecoderShape(hidden=1536, layers=48, heads=24, ffn=6144)
LARGE = DecoderShape(hidden=2048, layers=48, heads=32, ffn=8192)


@dataclass(frozen=True)
class CodecShape:
    """EnCodec's decoder (Defossez et al. 2022, arXiv 2210.13438), as MusicGen uses it: mono, not causal.

    `ratios` are the upsampling factors in the order of the decoder; `pad_mode` is torch's name for what lies beyond the
    edges of the music ("reflect", or "constant" for zeros).
    """

    sample_rate: int = 32_000
    ratios: tuple[int, ...] = (8, 5, 4, 4)
    filters: int = 64
    hidden: int = 128
    kernel: int = 7
    last_kernel: int = 7
    residual_kernel: int = 3
    residual_layers: int = 1
    dilation_growth: int = 2
    compress: int = 2
    lstm_layers: int = 2
    conv_shortcut: bool = False
    pad_mode: str = "reflect"
    codebooks: int = CODEBOOKS
    codebook_size: int = CODEBOOK_SIZE

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return prod(self.ratios)

    @property
    def frame_rate(self) -> float:
        return self.sample_rate / self.hop
