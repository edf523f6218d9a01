"""How fast a model writes on this computer: measured once, then remembered."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from pathlib import Path

from musicmed_desktop import __version__
from musicmed_desktop.disk import write_whole
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import data_folder


def remembered(folder: Path) -> float | None:
    """Seconds that the model in `folder` takes for a second of music here; None where it was not measured."""
    pace = _paces().get(_key(folder))
    return pace if isinstance(pace, float) else None


def remember(folder: Path, pace: float) -> None:
    """Where it cannot be written it is measured again."""
    paces = _paces() | {_key(folder): pace}
    with suppress(OSError, UserError):
        data_folder().mkdir(parents=True, exist_ok=True)
        write_whole(_file(), json.dumps(paces, indent=2).encode() + b"\n")


def _paces() -> dict[str, object]:
    try:
        paces = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return paces if isinstance(paces, dict) else {}


def _file() -> Path:
    return data_folder() / "paces.json"


def _key(folder: Path) -> str:
    """What the pace depends on: the model, the program, the computer."""
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) if folder.is_dir() else 0
    return f"{folder.name} ({size} bytes), {__version__}, {platform.machine()} with {os.cpu_count()} cores"
