"""Where things lie: the resources that come with the program, and what it keeps for its user.

Nothing here makes a folder. Where the environment names a folder in MUSICMED_HOME, all that is kept lies there,
as on a stick that goes from computer to computer; else it lies where the system wants it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = "MUSICMED_HOME"
_PACKAGE = Path(__file__).parent
_APP = "musicmed-desktop" if sys.platform.startswith("linux") else "MusicMed Desktop"


def resource(name: str) -> Path:
    """Path of `name` in resources/, in a wheel (inside the package) as in a checkout (beside it)."""
    installed = _PACKAGE / "resources" / name
    return installed if installed.exists() else _PACKAGE.parent / "resources" / name


def data_folder() -> Path:
    """Where the listener's sessions are, unless the settings name another folder."""
    from platformdirs import user_data_path

    return _home() or user_data_path(_APP, appauthor=False)


def models_folder() -> Path:
    """Where music models are, each in a folder of its own."""
    return data_folder() / "models"


def settings_file() -> Path:
    from platformdirs import user_config_path

    return (_home() or user_config_path(_APP, appauthor=False)) / "settings.json"


def log_folder() -> Path:
    """Where crash reports are."""
    from platformdirs import user_log_path

    home = _home()
    return home / "log" if home else user_log_path(_APP, appauthor=False)


def is_home_named() -> bool:
    """Whether the environment names the folder for all."""
    return _home() is not None


def _home() -> Path | None:
    named = os.environ.get(HOME)
    return Path(named).expanduser().absolute() if named else None
