"""AudioCraft's MusicGen as an engine: each clip goes on from the last tokens of the one before it."""

from __future__ import annotations

import gc
import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from musicmed_desktop.engines.audiocraft.adapter import adapt
from musicmed_desktop.engines.audiocraft.devices import choose_device, codec_device, empty_cache, memory_told
from musicmed_desktop.engines.audiocraft.loading import load_musicgen
from musicmed_desktop.engines.audiocraft.writing import turn, write
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.engines.musicgen.placement import device_name
from musicmed_desktop.plan.step import Step

KEPT = 10 / 30  # of a clip's end, from which the next one goes on; a share of what the model writes at a time
CHUNK_S = 2.0
_EDGE_FRAMES = 4  # EnCodec sounds a frame right only with about 75 ms of what follows it


@dataclass(frozen=True, eq=False)
class _Memory:
    """The last tokens [K, n], of which `tail` lie behind the clip's exit."""

    codes: Tensor
    tail: int


@dataclass(frozen=True)
class _Extent:
    """How much of a clip is written and heard: `frames`, of which `tail` lie behind the exit."""

    frames: int
    tail: int
    exit_s: float
    sounding_s: float


def _extent(context: ClipContext, rate: float) -> _Extent:
    if context.final:
        return _Extent(math.ceil(context.seconds * rate), 0, context.seconds, context.seconds)
    # On a whole frame, so that the next clip's head repeats this one's tail sample by sample.
    exit_frame, exit_s = round(context.seconds * rate), round(context.seconds * rate) / rate
    tail = math.ceil(context.overlap_s * rate) + _EDGE_FRAMES
    return _Extent(exit_frame + tail, tail, exit_s, exit_s + context.overlap_s)


class AudioCraftEngine:
    """A MusicGen model in AudioCraft's own files, run by AudioCraft itself on `device` ("cuda", "mps" or "cpu"; by
    itself it takes the best that works), with the LoRA `adapter` at `strength` 0 to 1.

    AudioCraft writes a clip as a whole: its first sound comes when the last token is there. The crossfade between two
    clips lies between equal sounds, decoded from the same tokens. Raises UserError where AudioCraft is not installed,
    or the model or the adapter cannot be used.
    """

    name = "audiocraft"
    tries = 1  # a take costs many times as long as it sounds

    def __init__(
        self, folder: Path, *, device: str | None = None, adapter: Path | None = None, strength: float = 1.0
    ) -> None:
        self._folder, self._adapter, self._strength = folder, adapter, strength
        self._device = device or choose_device()
        self.sample_rate: int = self._model.sample_rate
        self.channels: int = self._model.audio_channels
        adapted = f" with {adapter.name} at {strength:g}" if adapter is not None else ""
        self.version = f"1.3.0 ({folder.name}{adapted})"
        self.about = f"AudioCraft computes on {device_name(self._device)}. Each clip is ready only as a whole."

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        """See Engine.stream; waits for the other clips that AudioCraft is writing."""
        memory = context.previous.memory if context.previous is not None else None
        before = memory if isinstance(memory, _Memory) else None
        extent = _extent(context, self._model.frame_rate)
        with memory_told(self._folder):
            codes, samples = self._clip(step.prompt.text, before, extent.frames, context.seed, cancelled)
        kept = max(extent.tail, round(KEPT * self._model.max_duration * self._model.frame_rate))
        yield from self._chunks(samples[: round(extent.sounding_s * self.sample_rate)], cancelled)
        return Handover(extent.exit_s, _Memory(codes[:, -kept:], extent.tail))

    def unload(self) -> None:
        """Give back the model's memory; it is loaded again when it is needed."""
        self.__dict__.pop("_model", None)
        gc.collect()
        empty_cache(self._device)

    @cached_property
    def _model(self) -> Any:
        with memory_told(self._folder):
            model = load_musicgen(self._folder, self._device, codec_device(self._device))
            if self._adapter is not None:
                adapt(model.lm, self._adapter, self._strength)
            return model

    def _clip(
        self, text: str, before: _Memory | None, length: int, seed: int, cancelled: Cancelled
    ) -> tuple[Tensor, Frames]:
        """The tokens [K, n] of what came before and of the clip's `length` frames, and the clip's sound."""
        prompt = before.codes if before is not None else None
        played = before.codes.shape[1] - before.tail if before is not None else 0
        with turn(cancelled):
            codes = write(self._model, text, prompt, played + length, seed, cancelled)
            sound = self._model.generate_audio(codes[None].to(codec_device(self._device)))[0]  # [channels, n]
        hop = sound.shape[1] // codes.shape[1]
        samples = sound[:, played * hop : (played + length) * hop].T.float().clamp(-1.0, 1.0)
        return codes.cpu(), np.ascontiguousarray(samples.cpu().numpy())

    def _chunks(self, samples: Frames, cancelled: Cancelled) -> Generator[Frames]:
        size = round(CHUNK_S * self.sample_rate)
        for at in range(0, len(samples), size):
            if cancelled():
                raise CancelledError
            yield samples[at : at + size]
