"""Looks at the computer: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Literal

from musicmed_desktop import __version__
from musicmed_desktop.errors import UserError

Status = Literal["ok", "note", "missing"]

# What each package is for. A test keeps these and CARRIERS the same as pyproject.toml's.
PACKAGES = {
    "click": "the terminal program",
    "numpy": "computing with sound",
    "onnxruntime": "listening to the mood of music",
    "pedalboard": "effects",
    "platformdirs": "finding the system's folders",
    "pydantic": "reading prescriptions",
    "rich": "progress bars",
    "soundfile": "reading and writing sound files",
    "soxr": "resampling",
    "symusic": "rendering notes",
    "typing_extensions": "reading prescriptions",
}
# Packages of which only a file is used; loading them would take long.
CARRIERS = {
    "pretty_midi": "the SoundFont that comes along",
    "vibenet": "listening to the mood of music",
}
# What the window is made of, by distribution; composing works without.
WINDOW = {"PySide6-Essentials": "PySide6.QtWidgets", "pyqtgraph": "pyqtgraph"}
_SET_UP_AGAIN = 'Set the program up again; from its source folder: "python3 packaging/dev.py setup".'


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. Composing works with a "note", but not with what is "missing"."""

    name: str
    status: Status
    text: str
    hint: str = ""


def examine() -> Iterator[Finding]:
    """Look at one thing after the other; takes a few seconds, since it tries the packages out."""
    yield Finding("MusicMed Desktop", "ok", __version__)
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    yield Finding("Python", "ok", f"{platform.python_version()} on {system}")
    for name, purpose in PACKAGES.items():
        yield package(name, purpose)
    for name, purpose in CARRIERS.items():
        yield carrier(name, purpose)
    yield soundfont()
    yield sound_output()
    yield window()
    yield graphics()


def package(name: str, purpose: str) -> Finding:
    """Whether a package is there and loads, with the libraries that it brings."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as error:
        return Finding(name, "missing", f"needed for {purpose}; it does not load ({error})", _SET_UP_AGAIN)
    return Finding(name, "ok", version(name))


def carrier(name: str, purpose: str) -> Finding:
    """Whether a package is there; it is not loaded."""
    if find_spec(name) is None:
        return Finding(name, "missing", f"needed for {purpose}; it is not installed", _SET_UP_AGAIN)
    return Finding(name, "ok", version(name))


def soundfont() -> Finding:
    """The SoundFont that the built-in composer plays, and what else the system has."""
    from musicmed_desktop.engines.builtin.soundfonts import choose_soundfont, system_soundfonts

    try:
        chosen = choose_soundfont()
    except UserError as error:
        return Finding("SoundFont", "missing", error.title, error.hint)
    others = [str(path) for path in system_soundfonts() if path != chosen]
    also = f"; also found for --soundfont: {', '.join(others)}" if others else ""
    return Finding("SoundFont", "ok", f"{chosen}{also}")


def window() -> Finding:
    """Whether the window's packages load, with the libraries of the system that they need."""
    try:
        for module in WINDOW.values():
            importlib.import_module(module)
    except (ImportError, OSError) as error:
        return Finding("window", "note", f"the window cannot be opened ({error})", _SET_UP_AGAIN)
    return Finding("window", "ok", ", ".join(f"{name} {version(name)}" for name in WINDOW))


def sound_output() -> Finding:
    """The devices that can play. Composing needs none."""
    from musicmed_desktop.audio.devices import output_devices

    try:
        names = output_devices()
    except UserError as error:
        return Finding("sound output", "note", "PortAudio is missing; sessions can be made, not played", error.hint)
    if not names:
        return Finding(
            "sound output",
            "note",
            "no device found; sessions can be made, not played",
            "Connect headphones or loudspeakers, or play the finished file on another device.",
        )
    return Finding("sound output", "ok", ", ".join(names))


def graphics() -> Finding:
    """The graphics processor, which the MusicGen engine can use; torch is loaded only if it is installed."""
    if find_spec("torch") is None:
        return Finding("graphics", "note", "not used: torch, which only MusicGen needs, is not installed")
    import torch

    if torch.cuda.is_available():
        return Finding("graphics", "ok", f"torch {torch.__version__} uses {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Finding("graphics", "ok", f"torch {torch.__version__} uses Apple's Metal")
    return Finding("graphics", "note", f"torch {torch.__version__} finds no graphics processor")
