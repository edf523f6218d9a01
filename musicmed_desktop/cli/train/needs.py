"""What fine-tuning needs beside MusicGen."""

from __future__ import annotations

from importlib.util import find_spec

from musicmed_desktop.errors import UserError

_PACKAGES = ("torch", "transformers", "peft", "accelerate", "tensorboard", "librosa")


def require_training() -> None:
    """Raises UserError where a package is missing."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError(
            "Fine-tuning is not installed.", "Start python3 packaging/dev.py setup training.", ", ".join(missing)
        )
