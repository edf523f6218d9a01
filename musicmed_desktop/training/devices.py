"""Where a training runs: one device or many, as Hugging Face Accelerate finds and connects them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs, parse_flag_from_env

from musicmed_desktop.engines.musicgen.placement import device_name, dtype_for

_LONGEST_WAIT = timedelta(hours=24)  # one process writes a sample session, or has the longer tracks
Item = TypeVar("Item")


def accelerator(logs: Path) -> Accelerator:
    """With bfloat16 where a GPU computes with it, else float32: float16 leads to gradients that are no numbers."""
    cuda = torch.cuda.is_available() and not parse_flag_from_env("ACCELERATE_USE_CPU")
    return Accelerator(
        mixed_precision="bf16" if cuda and dtype_for("cuda") == "bfloat16" else "no",
        gradient_accumulation_steps=1,  # whatever the environment says: the learner counts itself
        log_with="tensorboard",
        project_dir=logs,
        kwargs_handlers=[InitProcessGroupKwargs(timeout=_LONGEST_WAIT)],
    )


def base_type(of: Accelerator) -> torch.dtype:
    """The type in which the frozen weights lie; those of the adapter are always float32."""
    return torch.bfloat16 if of.mixed_precision == "bf16" else torch.float32


def described(of: Accelerator) -> str:
    """Where it runs, as in "2 x the processor, 32-bit numbers"."""
    many = f"{of.num_processes} x " if of.num_processes > 1 else ""
    bits = "bfloat16" if of.mixed_precision == "bf16" else "32-bit numbers"
    return f"{many}{device_name(of.device.type)}, {bits}"


def share(of: Accelerator, items: Sequence[Item]) -> list[Item]:
    """This process's part of `items`, in their order."""
    with of.split_between_processes([*items]) as mine:
        return list(mine)
