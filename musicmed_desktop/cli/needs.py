"""What fine-tuning and evaluation need beside what every session does: in an installer it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from musicmed_desktop.edition import how_to_get
from musicmed_desktop.errors import UserError


def require_training() -> None:
    """Raises UserError where a package is missing."""
    _require("Fine-tuning", ("torch", "transformers", "peft", "accelerate", "tensorboard", "librosa"))


def require_evaluation() -> None:
    """Raises UserError where a package is missing. CLAP needs MusicGen's packages, too, and says so itself."""
    _require("Evaluation", ("scipy", "sklearn"))


def _require(name: str, packages: Iterable[str]) -> None:
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise UserError(f"{name} is not installed.", how_to_get("training"), ", ".join(missing))
