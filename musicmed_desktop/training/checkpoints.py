"""The state of a training on the disk, so that it goes on as if it had never stopped."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from musicmed_desktop.disk import write_whole, writing

_DIGEST = 32  # bytes of SHA-256 in front
_KEPT = 2  # the newest could be damaged
_NAME = re.compile(r"step-(\d+)\.pt")


@dataclass(frozen=True)
class Progress:
    """How far a training has come. `lacking` is the number of evaluations since the best one."""

    step: int = 0
    first_loss: float = float("nan")
    best_loss: float = float("inf")
    best_step: int = 0
    lacking: int = 0


@dataclass(frozen=True, eq=False)
class State:
    """All that a step changes: `weights` of the adapter, `average` of them, and the states of torch's optimizer and
    schedule. Random numbers are no part of it, as every step begins with its own."""

    progress: Progress
    weights: Mapping[str, torch.Tensor]
    average: Mapping[str, torch.Tensor]
    optimizer: Mapping[str, Any]
    schedule: Mapping[str, Any]


def save(state: State, folder: Path) -> None:
    """Write the state in one move, and remove the oldest ones. Raises UserError where the disk refuses."""
    content = io.BytesIO()
    torch.save({**vars(state), "progress": vars(state.progress)}, content)
    path = folder / f"step-{state.progress.step:07}.pt"
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, sha256(content.getvalue()).digest() + content.getvalue())
        for old in _stored(folder)[_KEPT:]:
            old.unlink()


def newest(folder: Path) -> State | None:
    """The newest state that is whole; None where there is none."""
    return next((state for path in _stored(folder) if (state := _read(path))), None)


def _read(path: Path) -> State | None:
    """None where it is damaged, which is then set aside; torch itself does not look at the check sums in its files."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # another process of this training has set it aside
        return None
    digest, stored = content[:_DIGEST], content[_DIGEST:]
    if sha256(stored).digest() != digest:
        with suppress(FileNotFoundError):
            path.replace(path.with_suffix(".damaged"))
        return None
    fields = torch.load(io.BytesIO(stored), map_location="cpu", weights_only=True)
    return State(**{**fields, "progress": Progress(**fields["progress"])})


def _stored(folder: Path) -> list[Path]:
    """The newest first."""
    names = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(names, reverse=True)
