"""The program as an installer puts it on a computer, as far as Python's own view of it goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musicmed_desktop.paths import HOME, PORTABLE

# What is in no installer, and what the light edition has not: see pyproject.toml.
NEVER = ("accelerate", "librosa", "scipy", "sklearn", "tensorboard")
FULL_ONLY = (
    *("audiocraft", "httpx2", "huggingface_hub", "onnx", "peft", "safetensors", "tokenizers", "torch"),
    *("transformers", "truststore"),
)
PROGRAM = "musicmed-desktop"


def install(monkeypatch: pytest.MonkeyPatch, place: Path, *, light: bool) -> None:
    """An edition, with its program in `place`; nothing is there to be imported that it does not hold."""
    for package in (*NEVER, *(FULL_ONLY if light else ())):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(place / PROGRAM))
    monkeypatch.delenv("APPIMAGE", raising=False)


def make_portable(monkeypatch: pytest.MonkeyPatch, place: Path) -> Path:
    """What is beside a portable program; where it keeps everything."""
    monkeypatch.delenv(HOME, raising=False)
    place.mkdir(parents=True, exist_ok=True)
    (place / PORTABLE).touch()
    return place / "MusicMed data"
