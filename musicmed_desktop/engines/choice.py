"""What may be asked of whoever makes the music."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ENGINES = ("auto", "builtin", "musicgen", "audiocraft")


@dataclass(frozen=True)
class Choice:
    """`engine` is one of ENGINES; "auto" takes MusicGen where a model is installed and this computer can keep up.

    `soundfont` is a file for the built-in composer. `model` is a folder, None the first that is installed; `adapter` is
    a folder with a LoRA adapter for it, used at `strength`, 0 to 1.
    """

    engine: str = "auto"
    soundfont: Path | None = None
    model: Path | None = None
    adapter: Path | None = None
    strength: float = 1.0
