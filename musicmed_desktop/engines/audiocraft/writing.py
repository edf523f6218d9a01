"""AudioCraft's own generation, one clip at a time, from tokens to tokens."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from torch import Tensor

from musicmed_desktop.engines.audiocraft.devices import seeded
from musicmed_desktop.engines.base import Cancelled, CancelledError

# AudioCraft's own defaults; the stride is what is new each time, as a share of what the model writes at a time.
TOP_K, GUIDANCE, STRIDE = 250, 3.0, 18 / 30
_LOOK_S = 0.05
_WRITING = Lock()  # torch's global generators are the process's


@contextmanager
def turn(cancelled: Cancelled) -> Generator[None]:
    """Nobody else writes meanwhile; raises CancelledError where `cancelled()` comes before the turn does."""
    while not _WRITING.acquire(timeout=_LOOK_S):
        if cancelled():
            raise CancelledError
    try:
        yield
    finally:
        _WRITING.release()


def write(model: Any, text: str, prompt: Tensor | None, frames: int, seed: int, cancelled: Cancelled) -> Tensor:
    """The tokens [K, `frames`] of music for `text`, of which the first are those of `prompt` [K, n].

    `model` is AudioCraft's MusicGen. To be called in one's turn; raises CancelledError within a step.
    """
    if prompt is not None and prompt.shape[1] >= frames:
        return prompt[:, :frames]

    def look(*_: int) -> None:
        if cancelled():
            raise CancelledError

    model.set_custom_progress_callback(look)
    model.set_generation_params(
        top_k=TOP_K,
        cfg_coef=GUIDANCE,
        duration=(frames + 0.5) / model.frame_rate,  # AudioCraft rounds down, also what is 1e-12 too small
        extend_stride=STRIDE * model.max_duration,
    )
    with seeded(model.device.type, seed):
        attributes, _ = model._prepare_tokens_and_attributes([text], None)
        # generate_continuation takes sound, and encodes it anew: the tokens themselves lose nothing.
        start = prompt[None].to(model.device) if prompt is not None else None
        codes: Tensor = model._generate_tokens(attributes, start, progress=True)
    return codes[0]
