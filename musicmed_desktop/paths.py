"""Where things lie: the resources that come with the program, and what it keeps for its user.

Nothing here makes a folder. Where the environment names a folder in MUSICMED_HOME, all that is kept lies there. A
program of an installer is portable where a file `PORTABLE` lies beside it, as on a stick that goes from computer to
computer: all lies in the folder `PORTABLE_FOLDER` beside it then. Else it lies where the system wants it.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath

HOME = "MUSICMED_HOME"
PORTABLE = "musicmed-portable.txt"  # what is in it does not matter
PORTABLE_FOLDER = "MusicMed data"
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
    return bool(os.environ.get(HOME))


def is_portable() -> bool:
    """Whether all that is kept lies beside the program."""
    return not is_home_named() and _home() is not None


def written(folder: Path) -> str:
    """A folder as it is written down. Those of a portable program have another drive or place on each computer, so
    that they are told from its data folder on."""
    own = is_portable() and folder.is_relative_to(data_folder())
    return folder.relative_to(data_folder()).as_posix() if own else str(folder)


def from_written(text: str) -> str:
    """The folder that was `written` so, here; another system's folders stay what they are."""
    elsewhere = PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
    return str(data_folder() / text) if is_portable() and not elsewhere else text


def _home() -> Path | None:
    """The one folder for all, where there is one."""
    named = os.environ.get(HOME)
    if named:
        return Path(named).expanduser().absolute()
    return _data_beside(_program()) if getattr(sys, "frozen", False) else None


@cache
def _data_beside(program: Path) -> Path | None:
    """Found out once: a stick that is pulled out must not lead the program to other folders."""
    folder = program.parent
    return folder / PORTABLE_FOLDER if (folder / PORTABLE).is_file() else None


def _program() -> Path:
    """What a person starts: the AppImage, the .app, or the executable itself.

    An AppImage mounts itself at APPDIR and says in APPIMAGE where it is (docs.appimage.org, "Environment variables");
    the programs that another AppImage starts inherit both.
    """
    program = Path(sys.executable)
    image = os.environ.get("APPIMAGE")
    if image and program.resolve().is_relative_to(Path(os.environ.get("APPDIR", "/")).resolve()):
        return Path(image)
    if program.is_symlink():
        program = program.resolve()
    return program.parents[2] if program.parts[-3:-1] == ("Contents", "MacOS") else program
