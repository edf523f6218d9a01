"""Opening the engine that was asked for, or the best that this computer can play."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.engines.base import Engine
from musicmed_desktop.engines.choice import ENGINES, Choice
from musicmed_desktop.engines.musicgen.installed import installed_models
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import models_folder

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.engine import MusicGenEngine

KEEPS_UP = 0.8  # seconds for a second of music: what is left is for listening to it, and for the window


def open_engine(choice: Choice) -> Engine:
    """The engine, loaded and ready. Takes seconds where it is a model's, the first time "auto" up to a minute.

    Raises UserError where it cannot be used; "auto" always finds one.
    """
    if choice.engine not in ENGINES:
        known = ", ".join(ENGINES[:-1]) + f" or {ENGINES[-1]}"
        raise UserError(f"There is no engine named {choice.engine}.", f"Choose {known}.")
    return {"auto": _best, "builtin": _builtin, "musicgen": _musicgen, "audiocraft": _audiocraft}[choice.engine](choice)


def _best(choice: Choice) -> Engine:
    if find_spec("torch") is None:
        return _builtin(choice, "MusicGen is not installed.")
    if choice.model is None and not installed_models(models_folder()):
        return _builtin(choice, "No music model is installed.")
    try:
        return _if_it_keeps_up(choice)
    except UserError as error:
        return _builtin(choice, f"MusicGen cannot be used: {error.title}")


def _if_it_keeps_up(choice: Choice) -> Engine:
    from musicmed_desktop.engines.musicgen.pace import remember, remembered

    folder = _model(choice)
    pace = remembered(folder)
    if pace is not None and pace > KEEPS_UP:
        return _builtin(choice, _too_slow(pace))  # without loading it first
    engine = _musicgen(choice)
    if pace is None:
        pace = engine.pace()
        remember(folder, pace)
    return engine if pace <= KEEPS_UP else _builtin(choice, _too_slow(pace))


def _too_slow(pace: float) -> str:
    return f"On this computer MusicGen would take {pace:.1f} seconds to make one second of music."


def _builtin(choice: Choice, why: str = "") -> Engine:
    from musicmed_desktop.engines.builtin.engine import BuiltinEngine

    return BuiltinEngine(choice.soundfont, why)


def _musicgen(choice: Choice) -> MusicGenEngine:
    _require("torch", "MusicGen", "musicgen")
    from musicmed_desktop.engines.musicgen.engine import MusicGenEngine

    return MusicGenEngine(_model(choice), adapter=choice.adapter, strength=choice.strength)


def _audiocraft(choice: Choice) -> Engine:
    _require("audiocraft", "AudioCraft", "audiocraft")
    from musicmed_desktop.engines.audiocraft import AudioCraftEngine

    return AudioCraftEngine(_model(choice), adapter=choice.adapter, strength=choice.strength)


def _model(choice: Choice) -> Path:
    models = [choice.model] if choice.model else installed_models(models_folder())
    if not models:
        raise UserError(
            "No music model is installed.",
            f"Put a folder with a MusicGen model into {models_folder()}, or choose the built-in composer.",
        )
    return models[0]


def _require(package: str, name: str, extra: str) -> None:
    if find_spec(package) is None:
        raise UserError(
            f"{name} is not installed.",
            f"Start python3 packaging/dev.py setup {extra}, or choose the built-in composer.",
        )
