"""Where AudioCraft computes, and how its chance is kept apart from everybody else's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import torch

from musicmed_desktop.engines.musicgen.placement import graphics_found, is_out_of_memory
from musicmed_desktop.engines.musicgen.probe import refusal
from musicmed_desktop.errors import UserError


def choose_device() -> str:
    """ "cuda", "mps" or "cpu": the first that computes rightly with the 16-bit numbers that AudioCraft uses there."""
    return next((device for device in graphics_found() if not refusal(device, "float16")), "cpu")


def codec_device(device: str) -> str:
    """On Apple's graphics processor EnCodec was seen to compute wrongly, and quietly so."""
    return "cpu" if device == "mps" else device


@contextmanager
def seeded(device: str, seed: int) -> Generator[None]:
    """Draws from torch's global generators come from `seed` meanwhile; afterwards these go on as if nothing had been.

    AudioCraft knows no other generators. They are the process's, so one thread at a time.
    """
    with torch.random.fork_rng([torch.cuda.current_device()] if device.startswith("cuda") else []):
        torch.default_generator.manual_seed(seed)
        if device.startswith("cuda"):
            torch.cuda.manual_seed(seed)
        yield


@contextmanager
def memory_told(folder: Path) -> Generator[None]:
    """Where memory for the model in `folder` runs out, a UserError says so."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise UserError(
            f"There is not enough memory for {folder.name}.",
            "Choose a smaller model, or close other programs that need much memory.",
            str(error),
        ) from error


def empty_cache(device: str) -> None:
    """Give memory that torch keeps for later back to the system."""
    if device in ("cuda", "mps"):
        getattr(torch, device).empty_cache()


def draw_on_processor() -> None:
    """Let AudioCraft draw its tokens on the CPU: on MPS torch.multinomial may give numbers that are out of range."""
    from audiocraft.utils import utils

    vars(utils).update(multinomial=_multinomial)


def _multinomial(input: torch.Tensor, num_samples: int, replacement: bool = False) -> torch.Tensor:
    """As AudioCraft's own: `input` [..., n] probabilities, one draw of `num_samples` for each row."""
    rows = input.reshape(-1, input.shape[-1]).float().cpu()
    drawn = torch.multinomial(rows, num_samples, replacement)
    return drawn.reshape(*input.shape[:-1], num_samples).to(input.device)
