"""What may be asked of whoever makes the music."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.engines.musicgen.installed import is_checkpoint
from musicmed_desktop.errors import UserError

ENGINES = ("auto", "builtin", "musicgen", "audiocraft")
ADAPTER_FILE = "adapter_config.json"


@dataclass(frozen=True)
class Choice:
    """`engine` is one of ENGINES; "auto" takes MusicGen where a model is installed and this computer can keep up.

    `soundfont` is a file for the built-in composer. `model` is a folder, None the smallest installed one, with "auto"
    the largest that keeps up; `adapter` is a folder with a LoRA adapter for it, used at `strength`, 0 to 1. `window` is
    how many seconds of music MusicGen sees, and by how many it moves on (see its Window); None suits the computer.
    """

    engine: str = "auto"
    soundfont: Path | None = None
    model: Path | None = None
    adapter: Path | None = None
    strength: float = 1.0
    window: tuple[float, float] | None = None


def check_model(folder: Path) -> None:
    """Look at a folder that somebody chose. Raises UserError where it is plainly no model; its weights are not read."""
    if not is_checkpoint(folder):
        raise UserError(
            f"There is no MusicGen model in {folder}.",
            "Choose the folder that holds a model's config.json, or AudioCraft's state_dict.bin.",
        )


def check_adapter(folder: Path) -> None:
    """Look at a folder that somebody chose. Raises UserError where it is plainly no adapter; it is not read."""
    if not (folder / ADAPTER_FILE).is_file():
        raise UserError(f"There is no adapter in {folder}.", f"Choose the folder that holds {ADAPTER_FILE}.")
