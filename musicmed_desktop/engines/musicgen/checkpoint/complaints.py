"""What can be wrong with a model's folder, in the words that a person reads."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.errors import UserError

_AGAIN = "Copy or download the model again."
_TEXT_TO_MUSIC = "Choose a text-to-music model in mono: musicgen-small, -medium or -large."


def damaged(file: Path, detail: str = "") -> UserError:
    """`file` cannot be read as what it should be."""
    return UserError(f"The file {file} is damaged, or is no part of a MusicGen model.", _AGAIN, detail)


def missing(file: Path) -> UserError:
    return UserError(f"The file {file} is missing.", _AGAIN)


def unfit(file: Path, detail: str) -> UserError:
    """What `file` says about the model is not so in a MusicGen model, or makes no sense."""
    return UserError(f"The file {file} does not describe a model that can be played: {detail}.", _TEXT_TO_MUSIC)


def unknown(file: Path, tensor: str) -> UserError:
    """Leaving a tensor out in silence would change the music."""
    return unfit(file, f"its tensor {tensor} is none of MusicGen's")


def unsupported(folder: Path, what: str) -> UserError:
    return UserError(f"The model in {folder} {what}, which is not supported yet.", _TEXT_TO_MUSIC)
