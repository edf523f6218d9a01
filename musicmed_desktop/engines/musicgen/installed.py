"""Which models are on this computer; found without torch, so that a window can ask while it opens."""

from __future__ import annotations

import json
from pathlib import Path

AUDIOCRAFT_FILES = ("state_dict.bin", "compression_state_dict.bin")


def is_checkpoint(folder: Path) -> bool:
    """Whether `folder` looks like a MusicGen model, by its files' names and its config.json alone."""
    try:
        return _is_musicgen(folder / "config.json") or all((folder / name).is_file() for name in AUDIOCRAFT_FILES)
    except OSError:  # what may not be read is no model for us
        return False


def installed_models(folder: Path) -> tuple[Path, ...]:
    """The folders inside `folder` that look like models, by name; none where it does not exist or may not be read."""
    try:
        return tuple(sorted(inside for inside in folder.iterdir() if is_checkpoint(inside)))
    except OSError:
        return ()


def _is_musicgen(config: Path) -> bool:
    if not config.is_file():
        return False
    try:
        values = json.loads(config.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(values, dict) and values.get("model_type") == "musicgen"
