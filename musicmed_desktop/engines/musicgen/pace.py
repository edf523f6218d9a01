"""How fast a model writes on this computer: measured once, then remembered."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from musicmed_desktop import __version__
from musicmed_desktop.disk import write_whole
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import data_folder, is_portable


def remembered(folder: Path) -> float | None:
    """Seconds that the model in `folder` takes for a second of music here; None where it was not measured."""
    return recall(_model(folder))


def remember(folder: Path, pace: float) -> None:
    """Where it cannot be written it is measured again."""
    keep(_model(folder), pace)


def recall(what: str) -> float | None:
    """The pace that was kept for `what`, unless the program, its torch or the computer has changed since."""
    pace = _paces().get(_key(what))
    return pace if isinstance(pace, float) else None


def keep(what: str, pace: float) -> None:
    """Where it cannot be written it is measured again."""
    paces = _paces() | {_key(what): pace}
    with suppress(OSError, UserError):
        data_folder().mkdir(parents=True, exist_ok=True)
        write_whole(_file(), json.dumps(paces, indent=2).encode() + b"\n")


def forget() -> None:
    """Measure all anew when it is needed, as where the computer was busy with other things."""
    with suppress(OSError):
        _file().unlink()


def _paces() -> dict[str, object]:
    try:
        paces = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return paces if isinstance(paces, dict) else {}


def _file() -> Path:
    return data_folder() / "paces.json"


def _key(what: str) -> str:
    """What the pace depends on: the model, the program and its torch, the computer."""
    made_with = f"{__version__} with torch {version('torch')}" if find_spec("torch") else __version__
    computer = f"{platform.machine()} with {os.cpu_count()} cores"
    if is_portable():  # a stick goes from one to another, and tells no names
        computer += f", {sha256(platform.node().encode()).hexdigest()[:8]}"
    return f"{what}, {made_with}, {computer}"


def _model(folder: Path) -> str:
    size = sum(file.stat().st_size for file in _files(folder))
    return f"{folder.name} ({size} bytes)"


def _files(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file()]
    except OSError:  # whoever reads the model will say so
        return []
