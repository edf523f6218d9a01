"""Opening the engine that was asked for, or the best that this computer can play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.edition import edition, how_to_get, how_to_mend
from musicmed_desktop.engines.base import Engine
from musicmed_desktop.engines.choice import ENGINES, Choice
from musicmed_desktop.engines.models.trees import bytes_in
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES, installed_models
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import models_folder

if TYPE_CHECKING:
    from musicmed_desktop.edition import Extra
    from musicmed_desktop.engines.musicgen.engine import MusicGenEngine

KEEPS_UP = 0.8  # seconds for a second of music: what is left is for listening to it, and for the window
MUSICGEN_PACKAGES = ("torch", "transformers")
_OR_ELSE = "Or choose the built-in composer."


def open_engine(choice: Choice) -> Engine:
    """The engine, loaded and ready. Takes seconds where it is a model's, the first time "auto" up to a minute for each.

    Raises UserError where it cannot be used; "auto" always finds one.
    """
    _refuse_contradictions(choice)
    return {"auto": _best, "builtin": _builtin, "musicgen": _musicgen, "audiocraft": _audiocraft}[choice.engine](choice)


def musicgen_lacks() -> str:
    """What is missing to play music models, and how to get it, in sentences; "" where nothing is. Loads nothing."""
    if all(find_spec(package) for package in MUSICGEN_PACKAGES):
        return ""
    return f"Music models need MusicGen. {how_to_get('musicgen')}"


def _refuse_contradictions(choice: Choice) -> None:
    if choice.engine not in ENGINES:
        known = ", ".join(ENGINES[:-1]) + f" or {ENGINES[-1]}"
        raise UserError(f"There is no engine named {choice.engine}.", f"Choose {known}.")
    if choice.engine == "builtin" and (choice.model or choice.adapter):
        raise UserError("The built-in composer uses no model and no adapter.", "Leave them out, or choose musicgen.")
    if choice.engine in ("musicgen", "audiocraft") and choice.soundfont:
        raise UserError("Only the built-in composer plays a SoundFont.", "Leave it out, or choose builtin.")


def _best(choice: Choice) -> Engine:
    """The largest model that keeps up, or else the composer, who then says why it is not the last one, the smallest."""
    why = _obstacle(choice)
    for folder in () if why else _candidates(choice):
        try:
            pace, engine = _tried(folder, choice)
        except UserError as error:
            why = f"MusicGen cannot be used: {error.title}"
            continue
        if engine:
            return engine
        why = f"On this computer MusicGen would take {pace:.1f} seconds to make one second of music."
    return _builtin(choice, why)


def _obstacle(choice: Choice) -> str:
    """Why MusicGen need not even be tried."""
    if choice.soundfont:
        return "It plays the SoundFont that was chosen."
    if musicgen_lacks():
        return "This is the light edition." if edition() == "light" else "MusicGen is not installed."
    if choice.model is None and not installed_models(models_folder()):
        return "No music model is installed."
    return ""


def _candidates(choice: Choice) -> Sequence[Path]:
    """The folders of the models that may be taken, the largest first."""
    if choice.model:
        return (choice.model,)
    return sorted(installed_models(models_folder()), key=bytes_in, reverse=True)


def _tried(folder: Path, choice: Choice) -> tuple[float, MusicGenEngine | None]:
    """The model's pace, measured where that was never done, and its engine where it keeps up with that."""
    from musicmed_desktop.engines.musicgen.pace import remember, remembered

    pace = remembered(folder)
    if pace is not None and pace > KEEPS_UP:
        return pace, None  # without loading it first
    _require_memory(folder)
    engine = _musicgen(replace(choice, model=folder))
    if pace is None:
        pace = engine.pace()
        remember(folder, pace)
    if pace <= KEEPS_UP:
        return pace, engine
    engine.unload()
    return pace, None


def _require_memory(folder: Path) -> None:
    """Raises UserError where it is one of the catalogue's, and needs more memory than is free: a system that runs out
    of it ends programs."""
    from musicmed_desktop.engines.models.catalogue import entry_named
    from musicmed_desktop.engines.models.computer import Computer

    entry = entry_named(folder.name)
    lack = Computer(folder.parent).lacks(entry) if entry else ""
    if lack:
        raise UserError(lack, "Close other programs, or choose a smaller model.")


def _builtin(choice: Choice, why: str = "") -> Engine:
    from musicmed_desktop.engines.builtin.engine import BuiltinEngine

    return BuiltinEngine(choice.soundfont, why)


def _musicgen(choice: Choice) -> MusicGenEngine:
    for package in MUSICGEN_PACKAGES:
        _require(package, "MusicGen", "musicgen")
    from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
    from musicmed_desktop.engines.musicgen.window import Window

    window = Window(*choice.window) if choice.window else None
    return MusicGenEngine(_model(choice), adapter=choice.adapter, strength=choice.strength, window=window)


def _audiocraft(choice: Choice) -> Engine:
    _require("torch", "AudioCraft", "audiocraft")
    if find_spec("audiocraft") is None:
        raise _not_installed("AudioCraft", "audiocraft")
    from musicmed_desktop.engines.audiocraft.engine import AudioCraftEngine

    folder = _model(choice, AUDIOCRAFT_FILES)
    return AudioCraftEngine(folder, adapter=choice.adapter, strength=choice.strength)


def _model(choice: Choice, files: tuple[str, ...] = ()) -> Path:
    """The model's folder: the one that was chosen, or the smallest installed one that holds `files`."""
    if choice.model:
        return choice.model
    for folder in sorted(installed_models(models_folder()), key=bytes_in):
        if all((folder / name).is_file() for name in files):
            return folder
    needed = f" with the files {' and '.join(files)}" if files else ""
    raise UserError(
        "No music model is installed.",
        f"Get one{needed} under Settings, Music models, or with musicmed models; or choose the built-in composer.",
    )


def _require(package: str, name: str, extra: Extra) -> None:
    """Raises UserError where `package` is missing, or one of the libraries that it brings does not load."""
    if find_spec(package) is None:
        raise _not_installed(name, extra)
    try:
        import_module(package)
    except (ImportError, OSError) as error:
        raise UserError(f"{name} does not load.", f"{how_to_mend(extra)} {_OR_ELSE}", str(error)) from error


def _not_installed(name: str, extra: Extra) -> UserError:
    return UserError(f"{name} is not installed.", f"{how_to_get(extra)} {_OR_ELSE}")
