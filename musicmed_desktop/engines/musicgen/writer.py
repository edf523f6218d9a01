"""Writing music of any length, window by window, on the best place that has the memory for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from itertools import pairwise
from time import perf_counter
from traceback import clear_frames

import torch
from torch import Tensor

from musicmed_desktop.engines.base import Cancelled
from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.generation import BLOCK, generate
from musicmed_desktop.engines.musicgen.heap import trim
from musicmed_desktop.engines.musicgen.placement import Placement, is_out_of_memory
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.seam import Decoder
from musicmed_desktop.engines.musicgen.shapes import FRAME_RATE, WINDOW_FRAMES, DecoderShape
from musicmed_desktop.engines.musicgen.window import Window, window_for
from musicmed_desktop.errors import UserError

_TIMED_BLOCKS = 4
_TRIES = 2


class Writer:
    """Holds the decoder. Where memory runs out it moves on to the next of `places`, and goes on from what is written.

    Raises UserError where there is no place left. Used by one thread at a time.
    """

    def __init__(self, places: Sequence[Placement], window: Window | None, sampling: Sampling) -> None:
        self._places = list(places)
        self._wanted = window
        self._sampling = sampling
        self._decoder: Decoder | None = None

    @property
    def place(self) -> Placement:
        """Where it computes."""
        return self._places[0]

    @property
    def window(self) -> Window:
        """The one that was asked for, else the one that suits the place."""
        return self._wanted or window_for(self.place)

    def load(self, shape: DecoderShape, tensors: Tensors) -> None:
        """Use these weights from now on; those before are freed first, so that two models never lie in memory."""
        self.close()
        self._model = shape, tensors
        self._ready()

    def write(
        self, prompts: Sequence[Tensor], codes: Tensor, frames: int, seed: int, blend: int, cancelled: Cancelled
    ) -> Iterator[Tensor]:
        """Yield the `frames` frames that follow `codes` [K, P], P of any length, in blocks [K, n].

        See `generate`; `blend` frames lie between the leaving prompt and the arriving one.
        """
        window, total = 0, codes.shape[1] + frames
        while (before := codes.shape[1]) < total:
            known = codes[:, max(0, before - self.window.kept) :]
            length = min(total - before, self.window.frames - known.shape[1])
            try:
                for block in generate(
                    self._ready(),
                    prompts,
                    known,
                    length,
                    sampling=self._sampling,
                    seed=(seed, window),
                    blend=blend,
                    cancelled=cancelled,
                ):
                    codes = torch.cat([codes, block], dim=1)
                    yield block
            except Exception as error:
                self._move_on(error)
            if codes.shape[1] > before:
                window, prompts, blend = window + 1, prompts[:1], 0

    def pace(self, cancelled: Cancelled = lambda: False) -> float:
        """Measure how many seconds it takes to write a second of music: a share of reading what a window begins with,
        and writing at a window's middle. Other programs come and go: what counts is the quietest of several tries.
        Raises CancelledError within a few columns."""
        while True:
            try:
                return self._pace(cancelled)
            except Exception as error:
                self._move_on(error)

    def _pace(self, cancelled: Cancelled) -> float:
        kept, timed = self.window.kept, BLOCK * (1 + _TIMED_BLOCKS)
        middle = min((kept + self.window.frames) // 2, WINDOW_FRAMES - timed)
        self._timed(kept, 1, cancelled)  # the first time, libraries set themselves up
        reading = min(sum(self._timed(kept, 1, cancelled)) for _ in range(_TRIES))
        _, *blocks = self._timed(middle, timed, cancelled)
        return reading / self.window.stride + min(blocks) * FRAME_RATE / BLOCK

    def _timed(self, known: int, frames: int, cancelled: Cancelled) -> list[float]:
        """The seconds until each block is written, behind so many known frames; the first has to read those."""
        shape = self._model[0]
        prompt, codes = torch.zeros(8, shape.text_hidden), torch.zeros(shape.codebooks, known, dtype=torch.int64)
        times = [perf_counter()]
        for _ in generate(self._ready(), [prompt], codes, frames, sampling=self._sampling, seed=0, cancelled=cancelled):
            times.append(perf_counter())
        return [after - before for before, after in pairwise(times)]

    def close(self) -> None:
        """Give back the memory."""
        self._decoder = None
        _give_back()

    def _ready(self) -> Decoder:
        while self._decoder is None:
            try:
                self._decoder = open_decoder(*self._model, self.place)
                trim()  # making 8-bit weights leaves several times their size behind
            except Exception as error:
                self._move_on(error)
        return self._decoder

    def _move_on(self, error: Exception) -> None:
        """Free what can be freed, for another try at the next place; raises what is no lack of memory."""
        if not is_out_of_memory(error):
            raise error
        clear_frames(error.__traceback__)  # they hold the decoder, and what it was about to compute
        self.close()
        if len(self._places) == 1:
            raise UserError(
                "There is not enough memory for MusicGen.",
                "Close other programs, or choose a smaller model or the built-in composer.",
                str(error),
            ) from error
        self._places[:2] = [_instead(self._places[1])]


def open_decoder(shape: DecoderShape, tensors: Tensors, place: Placement) -> Decoder:
    """Load the decoder of a model where `place` says; one of odd widths in 32-bit numbers instead of 8-bit weights."""
    from musicmed_desktop.engines.musicgen.decoder import TorchDecoder

    if place.dtype != "int8":
        return TorchDecoder(shape, tensors, place.device, getattr(torch, place.dtype))
    from musicmed_desktop.engines.musicgen.int8 import OnnxDecoder, can_quantize

    return OnnxDecoder(shape, tensors) if can_quantize(shape) else TorchDecoder(shape, tensors, "cpu", torch.float32)


def _instead(place: Placement) -> Placement:
    return Placement(place.device, place.dtype, f"Memory ran short, but the music goes on. {place.reason}")


def _give_back() -> None:
    """What was freed goes back to the system; torch and the C library would keep it for themselves."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    trim()
