"""What is shipped: its names, its version and its flavours, each in one place."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import musicmed_desktop

ROOT = Path(__file__).resolve().parents[2]

VERSION = musicmed_desktop.__version__
TITLE = "MusicMed Desktop"
PROGRAM = "musicmed-desktop"  # the window
TERMINAL = "musicmed"  # the same program for the terminal
APP_ID = "org.musicmed.Desktop"  # a name in the way of AppStream and macOS; no address
SUMMARY = "Music that meets your mood and walks with it"
PUBLISHER = "MusicMed"
LICENCE = "GPL-3.0-or-later"

# What a double-click opens: the file name's end, its MIME type, and what a person calls it.
EXCHANGE = (
    (".musicmed", "application/x-musicmed-session", "MusicMed session"),
    (".musicmed-plan", "application/x-musicmed-plan", "MusicMed plan"),
)

System = Literal["linux", "windows", "macos"]


@dataclass(frozen=True)
class Flavour:
    """One of the two editions. Which extras are installed for it says pyproject.toml (tool.musicmed.flavours)."""

    name: Literal["light", "full"]
    words: str


LIGHT = Flavour("light", "with the built-in composer")
FULL = Flavour("full", "with the built-in composer, and MusicGen for music models")
FLAVOURS: dict[str, Flavour] = {flavour.name: flavour for flavour in (LIGHT, FULL)}


def system() -> System:
    """The system that this runs on, and so builds for."""
    known: dict[str, System] = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
    return known[platform.system()]


def machine() -> str:
    """The processor's name as installers have it: x86_64 or arm64."""
    named = platform.machine().lower()
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(named, named)


def installer_name(flavour: Flavour, suffix: str) -> str:
    """Such as MusicMed-Desktop-0.2.0-light-linux-x86_64.deb."""
    return f"{TITLE.replace(' ', '-')}-{VERSION}-{flavour.name}-{system()}-{machine()}{suffix}"
