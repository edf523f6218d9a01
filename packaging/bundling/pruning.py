"""What stays of that which PyInstaller found: nothing that only programmers need, no part of Qt that the window does
not use, and no library that nothing kept needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from PyInstaller.depend.bindepend import get_imports

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
    | ^PySide6/opengl32sw\.dll$                          # nothing here is drawn with OpenGL
    | ^torch/(bin/(?!torch_shm_manager)|share/)       # torch looks for the manager as it is loaded
    """,
    re.VERBOSE,
)
# A computer that shows windows has these, in the version that fits its graphics driver, its sound server or its fonts;
# after the AppImage project's list of what not to bundle, https://github.com/AppImage/pkg2appimage (excludelist).
_OF_THE_SYSTEM = re.compile(
    r"""^lib(
      X11|X11-xcb|Xau|Xdmcp|Xext|Xrender|xcb|ICE|SM
    | asound|dbus-1|systemd|selinux|mount|blkid|udev|cap
    | gcc_s|stdc\+\+|atomic
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
    libraries = [entry for entry in wanted if _is_root(entry) or Path(entry[0]).name in needed]
    there = {Path(destination) for destination, _, _ in libraries}
    return libraries, [entry for entry in _read(datas) if entry[2] != "SYMLINK" or _target(entry) in there]


def _read(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not _UNUSED_FILES.search(Path(entry[0]).as_posix())]


def _target(link: Entry) -> Path:
    destination, source, _ = link
    return Path(os.path.normpath(Path(destination).parent / source))


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
    by_name = {Path(destination).name: source for destination, source, kind in entries if kind != "SYMLINK"}
    found: set[str] = set()
    waiting = [source for destination, source, kind in entries if _is_root((destination, source, kind))]
    while waiting:
        for name, _ in get_imports(waiting.pop(), []):
            name = Path(name).name
            if name in by_name and name not in found:
                found.add(name)
                waiting.append(by_name[name])
    return found
