"""What the operating system has to provide, and how to get it there."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from devtools.console import say

_INSTALL = {
    "apt-get": ("apt-get", "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y"),
    "pacman": ("pacman", "-S", "--noconfirm", "--needed"),
    "zypper": ("zypper", "--non-interactive", "install"),
}
_TIMEOUT_S = 300


@dataclass(frozen=True)
class Need:
    """A part of the operating system: what it is for, and its package for each package manager."""

    purpose: str
    packages: Mapping[str, str]


PORTAUDIO = Need(
    "PortAudio, which plays sound (composing works without it)",
    {"apt-get": "libportaudio2", "dnf": "portaudio", "pacman": "portaudio", "zypper": "libportaudio2"},
)
# Debian and Ubuntu take this piece out of Python's standard library.
VENV = Need(
    "Python's venv module",
    {"apt-get": f"python{sys.version_info.major}.{sys.version_info.minor}-venv"},
)


def portaudio_present() -> bool:
    """True where the library is installed; its Python package brings it along except on Linux."""
    return platform.system() != "Linux" or ctypes.util.find_library("portaudio") is not None


def provide(need: Need) -> bool:
    """Install what is missing where that is allowed without asking; else say which command does it."""
    command = install_command(need)
    if command is None:
        say(f"Missing: {need.purpose}. Install it with this computer's package manager.")
        return False
    prefix = _privilege()
    if prefix is not None:
        say(f"Installing {need.purpose} ...")
        if _install(prefix, command):
            return True
    say(f"Missing: {need.purpose}. To install it, type:\n    sudo {shlex.join(command)}")
    return False


def install_command(need: Need) -> tuple[str, ...] | None:
    """The command for the first package manager that is here and knows the package."""
    for manager, package in need.packages.items():
        if shutil.which(manager):
            return (*_INSTALL[manager], package)
    return None


def _privilege() -> tuple[str, ...] | None:
    """What to put before a command to run it as the administrator; None where a password is needed."""
    if os.geteuid() == 0:
        return ()
    sudo = ("sudo", "-n")
    return sudo if shutil.which("sudo") and _succeeds((*sudo, "true")) else None


def _install(prefix: tuple[str, ...], command: tuple[str, ...]) -> bool:
    if _succeeds((*prefix, *command)):
        return True
    # A fresh Debian has no package lists yet.
    update = (*prefix, "apt-get", "update")
    return command[0] == "apt-get" and _succeeds(update) and _succeeds((*prefix, *command))


def _succeeds(command: tuple[str, ...]) -> bool:
    quiet = subprocess.DEVNULL
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=env, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
