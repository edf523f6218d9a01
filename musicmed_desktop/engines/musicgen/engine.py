"""MusicGen as an engine: clips that go on from each other's tokens, and move from prompt to prompt."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.engines.musicgen.adapters import adapted, read_adapter
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.codec import Codec
from musicmed_desktop.engines.musicgen.generation import chunks
from musicmed_desktop.engines.musicgen.placement import Placement, placements
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import FRAME_RATE, WINDOW_FRAMES
from musicmed_desktop.engines.musicgen.text import TextEncoder
from musicmed_desktop.engines.musicgen.turns import Turn, Turns
from musicmed_desktop.engines.musicgen.window import Window
from musicmed_desktop.engines.musicgen.writer import Writer
from musicmed_desktop.plan.step import Step

BLEND_S = 6.0  # from the leaving prompt to the arriving one
_WARM_UP_FRAMES = 12 * FRAME_RATE  # decoded before a clip begins: some codecs' LSTM remembers for long


@dataclass(frozen=True, eq=False)
class _Memory:
    """The tokens [K, n] of the music so far, how many frames of them lie behind the exit, and their prompt."""

    codes: Tensor
    tail: int
    text: str


class MusicGenEngine:
    """A MusicGen model from a folder, on the first of `places` that has the memory for it.

    A clip's first seconds are decoded from the tokens with which the clip before ended, so that the crossfade between
    two clips lies between equal sounds. Where the prompt changes, the logits move from the leaving to the arriving one
    during BLEND_S. Raises UserError where the model, or the adapter, cannot be used.
    """

    name = "musicgen"
    tries = 1  # on a laptop's processor a take costs about as long as it sounds
    channels = 1

    def __init__(
        self,
        folder: Path,
        *,
        adapter: Path | None = None,
        strength: float = 1.0,
        places: Sequence[Placement] | None = None,
        window: Window | None = None,
        sampling: Sampling | None = None,
    ) -> None:
        self._checkpoint: Checkpoint = read_checkpoint(folder)
        self.sample_rate = self._checkpoint.codec.sample_rate
        self._turns = Turns()
        self._codec = Codec(self._checkpoint.codec, self._checkpoint.tensors)
        self._writer = Writer(places or placements(), window, sampling or Sampling())
        self.adapt(adapter, strength)

    @property
    def version(self) -> str:
        return f"1.0 ({self._label}, {self._writer.place.dtype})"

    @property
    def about(self) -> str:
        return self._writer.place.reason

    def adapt(self, folder: Path | None, strength: float = 1.0) -> None:
        """Use the LoRA adapter in `folder` instead of the one so far, at `strength` 0 to 1; None is none.

        Raises UserError where it does not fit; the engine then is as it was.
        """
        model, label = self._checkpoint, self._checkpoint.name
        if folder is not None:
            adapter = read_adapter(folder)
            model, label = adapted(model, adapter, strength), f"{label} with {adapter.name} at {strength:g}"
        self._text, self._label = TextEncoder(model.text), label
        self._writer.load(model.decoder, model.tensors)

    def pace(self) -> float:
        """Measure how many seconds it takes to make a second of music, in the long run. Takes a few seconds itself."""
        turn = self._turns.take(lambda: False)
        try:
            return self._writer.pace() + self._codec.pace()
        finally:
            turn.end()

    def unload(self) -> None:
        """Give back the decoder's memory; it is loaded again when it is needed."""
        self._writer.close()

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        """See Engine.stream; takes turns with the other clips of this engine."""
        turn = self._turns.take(cancelled)
        try:
            return (yield from self._clip(step.prompt.text, context, turn, cancelled))
        finally:
            turn.end()

    def _clip(
        self, text: str, context: ClipContext, turn: Turn, cancelled: Cancelled
    ) -> Generator[Frames, None, Handover]:
        memory = context.previous.memory if context.previous is not None else None
        before = memory if isinstance(memory, _Memory) else self._silence(text)
        exit_frame = round(context.seconds * FRAME_RATE)
        overlap = math.ceil(context.overlap_s * FRAME_RATE)
        length = math.ceil(context.seconds * FRAME_RATE) if context.final else exit_frame + overlap
        written: list[Tensor] = []
        blocks = self._blocks(text, before, length, context.seed, cancelled, written)
        left = round(context.seconds * self.sample_rate) if context.final else length * self._checkpoint.codec.hop
        with closing(self._sound(before, blocks)) as sound:
            for samples in sound:
                samples, left = samples[:left], left - len(samples[:left])
                if cancelled():
                    raise CancelledError
                turn.rest()
                yield samples.clip(-1.0, 1.0)  # EnCodec goes a little beyond; AudioCraft cuts it off as well
                turn.resume()
        codes = torch.cat(written, dim=1)[:, -WINDOW_FRAMES:]
        exit_s = context.seconds if context.final else exit_frame / FRAME_RATE
        return Handover(exit_s, _Memory(codes, overlap, text))

    def _silence(self, text: str) -> _Memory:
        return _Memory(torch.zeros(self._checkpoint.decoder.codebooks, 0, dtype=torch.int64), 0, text)

    def _blocks(
        self, text: str, before: _Memory, length: int, seed: int, cancelled: Cancelled, written: list[Tensor]
    ) -> Iterator[Tensor]:
        """The codes of the clip's `length` frames, known ones first; `written` gets the music so far."""
        played = before.codes.shape[1] - before.tail
        heard = before.codes[:, : played + length]  # less where the clip is shorter than the tail before it
        written.append(heard)
        known = heard[:, played:]
        yield known
        texts = [text] if text == before.text else [text, before.text]
        prompts = [self._text.encode(each) for each in texts]
        blend = round(BLEND_S * FRAME_RATE) if len(texts) > 1 else 0
        frames = length - known.shape[1]
        for block in self._writer.write(prompts, heard, frames, seed, blend, cancelled):
            written.append(block)
            yield block

    def _sound(self, before: _Memory, blocks: Iterator[Tensor]) -> Generator[Frames, None, None]:
        """The sound of the blocks, in chunks of about CHUNK_FRAMES."""
        played = before.codes[:, : before.codes.shape[1] - before.tail]
        stream = self._codec.stream(played[:, -_WARM_UP_FRAMES:])
        for codes in chunks(blocks):
            yield stream.feed(codes)
        yield stream.finish()
