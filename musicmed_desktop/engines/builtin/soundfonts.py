"""Which SoundFont the composer plays: the listener's, a good one of the system's, or the one that comes along."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from musicmed_desktop.engines.builtin.soundfont import SoundFont
from musicmed_desktop.errors import UserError

_SUFFIXES = (".sf2", ".sf3")
_BETTER = ("MuseScore_General.sf2", "FluidR3_GM.sf2", "GeneralUser-GS.sf2", "GeneralUser GS.sf2")
_SYSTEM_FOLDERS = {
    "linux": ("/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/soundfonts"),
    "darwin": ("/Library/Audio/Sounds/Banks", "~/Library/Audio/Sounds/Banks"),
    "win32": ("C:/soundfonts",),
}


def choose_soundfont(chosen: Path | None = None) -> Path:
    """The SoundFont to play; raises UserError where the chosen one cannot be read as a SoundFont."""
    if chosen is not None:
        return _checked(chosen)
    better = (path for path in system_soundfonts() if path.name in _BETTER and _is_whole(path))
    return min(better, key=lambda path: _BETTER.index(path.name), default=bundled_soundfont())


def system_soundfonts() -> list[Path]:
    """The SoundFonts in the places where this system keeps them."""
    folders = [Path(folder).expanduser() for folder in _SYSTEM_FOLDERS.get(sys.platform, ())]
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if _fits(path)]


def bundled_soundfont() -> Path:
    """TimGM6mb (6 MB, GPL-2.0, Tim Brechbill), which lies inside pretty_midi."""
    spec = find_spec("pretty_midi")
    if spec is None or spec.origin is None:
        raise UserError("The composer's own sounds are missing.", "Install the program anew.", "pretty_midi")
    return Path(spec.origin).parent / "TimGM6mb.sf2"


def _fits(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _is_whole(path: Path) -> bool:
    """A broken font of the system's is nothing that the listener chose: it is passed over."""
    try:
        SoundFont(path)
    except UserError:
        return False
    return True


def _checked(path: Path) -> Path:
    hint = "Choose a .sf2 or .sf3 file, or leave the choice to the program."
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise UserError(f"The SoundFont {path} cannot be read.", hint, str(error)) from error
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise UserError(f"{path} is not a SoundFont.", hint)
    SoundFont(path)
    return path
