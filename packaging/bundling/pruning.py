"""What stays of that which PyInstaller found: nothing that only programmers need, no part of Qt that the window does
not use, and no library that nothing kept needs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from PyInstaller.depend.bindepend import get_imports

from bundling.product import system

Entry = tuple[str, str, str]  # PyInstaller's: destination, source, kind

_QT_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qjpeg", "qsvg", "qico"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qxdgdesktopportal"},
    "styles": {"qmacstyle", "qmodernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl", "shm-emulation-server"},
    "wayland-shell-integration": {"xdg-shell"},
    "xcbglintegrations": {"qxcb-egl-integration", "qxcb-glx-integration"},
}
_UNUSED_FILES = re.compile(
    r"""
      (^|/)(include|testing|tests?|examples?|docs?)/     # for programmers
    | \.(h|hpp|c|cc|cpp|pyi|pxd|pyx|cmake|lib|a|typed)$
    | \.dist-info/(?!METADATA$|entry_points\.txt$)       # the notices are in one file of their own
    | ^PySide6/(Qt/)?translations/                       # the window speaks English
    | _sounddevice_data/.*-asio\.dll$                    # a second PortAudio
    | ^PySide6/opengl32sw\.dll$                          # nothing here is drawn with OpenGL
    | ^torch/(bin/(?!torch_shm_manager)|share/)       # torch looks for the manager as it is loaded
    """,
    re.VERBOSE,
)
# A computer that shows windows has these, in the version that fits its graphics driver, its sound server or its fonts;
# after the AppImage project's list of what not to bundle, https://github.com/AppImage/pkg2appimage (excludelist).
_OF_THE_SYSTEM = re.compile(
    r"""^lib(
      X11|X11-xcb|Xau|Xdmcp|Xext|Xrender|xcb|ICE|SM|wayland-(client|cursor|egl|server)
    | asound|dbus-1|systemd|selinux|mount|blkid|udev|cap
    | mvec|gcc_s|stdc\+\+|atomic
    | glib-2\.0|gobject-2\.0|gio-2\.0|gmodule-2\.0|gthread-2\.0
    | fontconfig|freetype|expat|uuid|z|gpg-error|com_err
    )\.so\.""",
    re.VERBOSE,
)
_LOADED_BY_NAME = re.compile(
    r"^(lib)?(python3|portaudio|torch_global_deps)"
)  # no library and no module asks for them as it is loaded


def pruned(binaries: Iterable[Entry], datas: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Of the modules and libraries those that are used, with the libraries that these need; of the other files those
    that somebody reads, and the links that lead to something."""
    wanted = [entry for entry in _read(binaries) if _is_wanted(entry)]
    needed = _needed(wanted)
    libraries = [entry for entry in wanted if _is_root(entry) or _name(entry[0]) in needed]
    there = {Path(destination) for destination, _, _ in libraries}
    return libraries, [entry for entry in _read(datas) if entry[2] != "SYMLINK" or _leads_somewhere(entry, there)]


def _read(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not _UNUSED_FILES.search(Path(entry[0]).as_posix())]


def _leads_somewhere(link: Entry, there: Collection[Path]) -> bool:
    destination, source, _ = link
    if ".framework/" in destination:  # macOS signs a framework only with all of its links
        return True
    return Path(os.path.normpath(Path(destination).parent / source)) in there


def _is_wanted(entry: Entry) -> bool:
    path = PurePosixPath(Path(entry[0]).as_posix())
    if "plugins" in path.parts and "PySide6" in path.parts:
        return path.stem.removeprefix("lib") in _QT_PLUGINS.get(path.parent.name, ())
    return not (len(path.parts) == 1 and _OF_THE_SYSTEM.match(path.name))


def _is_root(entry: Entry) -> bool:
    """What Python, Qt or a package loads by its name."""
    destination, _, kind = entry
    path = PurePosixPath(Path(destination).as_posix())
    lies_deep = len(path.parts) > 1 and "lib" not in path.parts[:-1] and not path.parts[0].endswith(".libs")
    return kind == "EXTENSION" or lies_deep or _LOADED_BY_NAME.match(path.name) is not None


def _needed(entries: Iterable[Entry]) -> set[str]:
    """Names of the libraries that are needed by the roots, or by what these need."""
    by_name = {_name(destination): source for destination, source, kind in entries if kind != "SYMLINK"}
    found: set[str] = set()
    waiting = [source for destination, source, kind in entries if _is_root((destination, source, kind))]
    while waiting:
        for name in _asked_for(waiting.pop()) & by_name.keys() - found:
            found.add(name)
            waiting.append(by_name[name])
    return found


def _name(path: str) -> str:
    """Windows does not tell capital letters from others."""
    name = Path(path).name
    return name.lower() if system() == "windows" else name


def _asked_for(library: str) -> set[str]:
    """Names of the libraries that this one asks for itself."""
    if system() != "linux":
        return {_name(name) for name, _ in get_imports(library)}
    # There PyInstaller asks ldd, which also names what the libraries of the system ask for.
    told = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^ *NEEDED +(\S+)$", told, re.MULTILINE))
