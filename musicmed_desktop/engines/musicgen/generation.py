"""Writing music: from prompts and the music so far to the codes of the music that follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from musicmed_desktop.engines.base import Cancelled, CancelledError
from musicmed_desktop.engines.musicgen.pattern import UNWRITTEN, delayed, straight
from musicmed_desktop.engines.musicgen.sampling import Dice, Sampling, guided
from musicmed_desktop.engines.musicgen.seam import Decoder
from musicmed_desktop.engines.musicgen.shapes import FRAME_RATE, WINDOW_FRAMES

BLOCK = 25  # frames that are handed on together: looking at each would make a graphics processor wait
CHUNK_FRAMES = 2 * FRAME_RATE  # of which sound is made at once
_READ_AT_ONCE = 64  # columns of the music so far, between two looks at `cancelled`


@torch.inference_mode()
def generate(
    decoder: Decoder,
    prompts: Sequence[Tensor],
    codes: Tensor,
    frames: int,
    *,
    sampling: Sampling,
    seed: int | Sequence[int],
    blend: int = 0,
    cancelled: Cancelled = lambda: False,
) -> Iterator[Tensor]:
    """Yield the `frames` frames that follow `codes` [K, P], in blocks [K, n] on the CPU.

    `prompts` as in Decoder.begin. Where there is a leaving one, the music goes from it to the arriving one during its
    first `blend` frames. Raises CancelledError within a step, ValueError where P + frames is more than WINDOW_FRAMES.
    """
    if codes.shape[1] + frames > WINDOW_FRAMES:
        raise ValueError(f"{codes.shape[1]} frames and {frames} more; a window has room for {WINDOW_FRAMES}")
    known, dice = codes.shape[1], Dice(seed, sampling, decoder.shape.codebooks)
    decoder.begin(prompts)
    columns = delayed(codes, known + frames, decoder.shape)
    logits = read(decoder, columns[:, : known + 1], cancelled)
    columns = columns.to(logits.device)
    done = known
    for at in range(known + 1, columns.shape[1]):
        if cancelled():
            raise CancelledError
        arrived = min(1.0, (at - known) / blend) if blend else 1.0
        column = columns[:, at]
        columns[:, at] = torch.where(column == UNWRITTEN, dice.draw(guided(logits, sampling.guidance, arrived)), column)
        whole = at + 1 - decoder.shape.codebooks  # frames of which all codebooks are written
        if whole >= done + BLOCK or whole == known + frames:
            yield straight(columns, done, whole).cpu()
            done = whole
        if at + 1 < columns.shape[1]:
            if arrived == 1.0:
                decoder.settle()
            logits = decoder.advance(columns[:, at : at + 1])


def read(decoder: Decoder, columns: Tensor, cancelled: Cancelled = lambda: False) -> Tensor:
    """Let the decoder read `columns` [K, S], which are known; the logits of what follows, as of Decoder.advance.

    Raises CancelledError within a few columns.
    """
    for some in torch.split(columns, _READ_AT_ONCE, dim=1):
        if cancelled():
            raise CancelledError
        logits = decoder.advance(some)
    return logits


def chunks(blocks: Iterable[Tensor]) -> Iterator[Tensor]:
    """Codes [K, n] joined to chunks of at least CHUNK_FRAMES; the last may be shorter."""
    waiting: list[Tensor] = []
    for block in blocks:
        waiting.append(block)
        if sum(some.shape[1] for some in waiting) >= CHUNK_FRAMES:
            yield torch.cat(waiting, dim=1)
            waiting = []
    if waiting:
        yield torch.cat(waiting, dim=1)
