"""What the operating system has to provide, and how to get it there."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
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
    """A part of the operating system: what it is for, its packages for each package manager, and how it is told
    that they are there: by libraries that Linux finds, and programs on the PATH."""

    purpose: str
    packages: Mapping[str, tuple[str, ...]]
    libraries: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def missing(self) -> bool:
        """True where Linux lacks a part of it; elsewhere Python's packages bring along what they need."""
        if platform.system() != "Linux":
            return False
        libraries = all(ctypes.util.find_library(name) for name in self.libraries)
        return not (libraries and all(shutil.which(name) for name in self.programs))


PORTAUDIO = Need(
    "PortAudio, which plays sound (composing works without it)",
    {
        "apt-get": ("libasound2-plugins", "libportaudio2"),
        "dnf": ("portaudio",),
        "pacman": ("portaudio",),
        "zypper": ("libportaudio2",),
    },
    libraries=("portaudio",),
)
QT = Need(
    "what Qt needs to open a window",
    {
        "apt-get": (
            *("libegl1", "libgl1", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libgssapi-krb5-2"),
            *("libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1"),
            *("libxcb-randr0", "libxcb-render-util0", "libxcb-shape0", "libxcb-xkb1", "libx11-xcb1"),
            "fonts-dejavu-core",
        ),
        "dnf": (
            *("libglvnd-egl", "libglvnd-glx", "dbus-libs", "fontconfig", "krb5-libs", "libxkbcommon-x11"),
            *("xcb-util-cursor", "xcb-util-wm", "xcb-util-image", "xcb-util-keysyms", "xcb-util-renderutil"),
        ),
        "pacman": (
            *("libglvnd", "dbus", "fontconfig", "krb5", "libxkbcommon-x11", "xcb-util-cursor", "xcb-util-wm"),
            *("xcb-util-image", "xcb-util-keysyms", "xcb-util-renderutil"),
        ),
        "zypper": (
            *("libglvnd", "libdbus-1-3", "libfontconfig1", "libxkbcommon-x11-0", "libxcb-cursor0"),
            *("libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0"),
        ),
    },
    libraries=(
        *("EGL", "GL", "dbus-1", "fontconfig", "gssapi_krb5", "xkbcommon-x11", "xcb-cursor", "xcb-icccm"),
        *("xcb-image", "xcb-keysyms", "xcb-render-util"),
    ),
)
PULSEAUDIO = Need(
    "PulseAudio, whose null sink lets the tests play for real",
    {
        "apt-get": ("pulseaudio", "pulseaudio-utils", "libasound2-plugins"),
        "dnf": ("pulseaudio", "pulseaudio-utils", "alsa-plugins-pulseaudio"),
        "pacman": ("pulseaudio", "pulseaudio-alsa"),
        "zypper": ("pulseaudio", "pulseaudio-utils", "alsa-plugins-pulse"),
    },
    programs=("pulseaudio", "pactl", "parec"),
)
# What Linux's installers are made and tried out with. Elsewhere packaging/bundling says itself what is missing.
INSTALLERS = Need(
    "what the installers are made with",
    {
        "apt-get": (
            *("appstream", "binutils", "bubblewrap", "desktop-file-utils", "dpkg-dev", "squashfs-tools"),
            *("libwayland-cursor0", "libwayland-egl1"),  # whose packages the .deb names
        )
    },
    libraries=("wayland-cursor", "wayland-egl"),
    programs=("appstreamcli", "bwrap", "desktop-file-validate", "dpkg-shlibdeps", "mksquashfs", "objdump"),
)
# Debian and Ubuntu take this piece out of Python's standard library.
VENV = Need(
    "Python's venv module",
    {"apt-get": (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)},
)


def needs(extras: Collection[str]) -> tuple[Need, ...]:
    """What the app needs of the system; its tests and its installers where they are asked for."""
    if "test" in extras:
        return (PORTAUDIO, QT, PULSEAUDIO, INSTALLERS)
    return (PORTAUDIO, QT, INSTALLERS) if "bundle" in extras else (PORTAUDIO, QT)


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
    """The command for the first package manager that is here and knows the packages."""
    for manager, packages in need.packages.items():
        if shutil.which(manager):
            return (*_INSTALL[manager], *packages)
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
