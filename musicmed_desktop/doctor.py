"""Looks at the computer: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from musicmed_desktop.amounts import amount
from musicmed_desktop.edition import edition, how_to_get, how_to_mend, version_words
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import data_folder, log_folder, models_folder, settings_file

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.store import Installed

Status = Literal["ok", "note", "missing"]

# What each package is for. A test keeps these and CARRIERS the same as pyproject.toml's.
PACKAGES = {
    "click": "the terminal program",
    "cryptography": "locking sessions, and files for a therapist",
    "mutagen": "titles and pictures in music files",
    "numpy": "computing with sound",
    "onnxruntime": "listening to the mood of music",
    "pedalboard": "effects",
    "platformdirs": "finding the system's folders",
    "pydantic": "reading prescriptions",
    "resvg_py": "pictures in music files",
    "rich": "progress bars",
    "soundfile": "reading and writing sound files",
    "soxr": "resampling",
    "sqlcipher3": "the list of the sessions",
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
# What MusicGen computes with; the built-in composer works without.
MUSICGEN = ("torch", "transformers")

_GET_ONE = '"musicmed models list" shows which can be had.'
_NO_RECORD = (
    "There is no record of the files of {}, which somebody put there by hand; where one is damaged, only music that "
    'sounds wrong may tell. "musicmed models import" copies a model with a record.'
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. Composing works with a "note", but not with what is "missing"."""

    name: str
    status: Status
    text: str
    hint: str = ""


def examine() -> Iterator[Finding]:
    """Look at one thing after the other; takes a few seconds, since it tries the packages out."""
    yield Finding("MusicMed Desktop", "ok", version_words())
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    yield Finding("Python", "ok", f"{platform.python_version()} on {system}")
    yield places()
    for name, purpose in PACKAGES.items():
        yield package(name, purpose)
    for name, purpose in CARRIERS.items():
        yield carrier(name, purpose)
    yield soundfont()
    yield sound_output()
    yield window()
    yield musicgen()
    yield models()
    yield placement()


def places() -> Finding:
    """The folders of all that is kept: who removes the program for good may want to remove them, too."""
    from musicmed_desktop.settings import load_settings

    settings, problem = load_settings(settings_file())
    kept = {
        "sessions": settings.library_folder or data_folder(),
        "models": models_folder(),
        "settings": settings_file().parent,
        "crash reports": log_folder(),
    }
    text = "; ".join(f"{what} in {folder}" for what, folder in kept.items())
    return Finding("kept here", "note" if problem else "ok", text, str(problem) if problem else "")


def package(name: str, purpose: str) -> Finding:
    """Whether a package is there and loads, with the libraries that it brings."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as error:
        return Finding(name, "missing", f"needed for {purpose}; it does not load ({error})", how_to_mend())
    return Finding(name, "ok", version(name))


def carrier(name: str, purpose: str) -> Finding:
    """Whether a package is there; it is not loaded."""
    if find_spec(name) is None:
        return Finding(name, "missing", f"needed for {purpose}; it is not installed", how_to_mend())
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
        return Finding("window", "note", f"the window cannot be opened ({error})", how_to_mend())
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


def musicgen() -> Finding:
    """The packages that MusicGen needs; none is loaded. Composing works without, by the built-in composer."""
    missing = [name for name in MUSICGEN if find_spec(name) is None]
    if missing:
        return Finding("MusicGen", "note", f"not installed ({', '.join(missing)})", how_to_get("musicgen"))
    also = ("audiocraft",) if find_spec("audiocraft") else ()
    return Finding("MusicGen", "ok", ", ".join(f"{name} {version(name)}" for name in (*MUSICGEN, *also)))


def models() -> Finding:
    """What is installed, with sizes, paces as far as they were measured, and whether there is a record of its files.

    No weights are read: that is for `musicmed models verify`.
    """
    from musicmed_desktop.engines.models.store import Store

    folder = models_folder()
    here = Store(folder).installed()
    found = f"{', '.join(map(_described, here)) or 'none'} in {folder}"
    if not any(each.kind == "model" for each in here):
        hint = "" if edition() == "light" else _GET_ONE  # it can play none
        return Finding("music models", "note", f"{found}; the built-in composer needs no model", hint)
    unrecorded = [each.name for each in here if each.manifest is None]
    return Finding("music models", "ok", found, _NO_RECORD.format(", ".join(unrecorded)) if unrecorded else "")


def _described(installed: Installed) -> str:
    from musicmed_desktop.engines.musicgen.pace import remembered

    pace = remembered(installed.folder) if installed.kind == "model" else None
    words = (
        "" if installed.kind == "model" else installed.kind,
        amount(installed.size),
        "" if pace is None else f"{pace:.2g} s for a second of music",
        "" if installed.manifest else "no record",
    )
    return f"{installed.name} ({', '.join(filter(None, words))})"


def placement() -> Finding:
    """Where MusicGen would compute; tried out only where it is installed, with a model, since that takes seconds."""
    if musicgen().status != "ok" or models().status != "ok":
        return Finding("MusicGen's place", "note", "not looked for, since MusicGen or its model is not installed")
    try:
        from musicmed_desktop.engines.musicgen.placement import placements

        return Finding("MusicGen's place", "ok", placements()[0].reason)
    except (ImportError, OSError) as error:
        return Finding("MusicGen's place", "note", f"MusicGen does not load ({error})", how_to_mend("musicgen"))
