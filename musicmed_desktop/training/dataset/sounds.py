"""Where the dataset's sound files lie. Folders are listed: to ask for each of 18,000 files takes long on a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from musicmed_desktop.disk import unreadable

_ARCHIVES = ("audio", "audio-low")  # the dataset's archives are unpacked to folders of these names


def audio_folders(folder: Path, audio: Path | None) -> tuple[Path, ...]:
    """Where to look, the best first; `folder` and `audio` are as in `read_dataset`."""
    roots = [audio or folder]
    if audio is None and folder.absolute().name == "data":
        roots.append(folder.absolute().parent)
    return tuple(place for root in roots for place in (*(root / name for name in _ARCHIVES), root))


def sound_files(places: Sequence[Path], paths: Iterable[str]) -> Mapping[str, Path]:
    """The file of each of the index's `paths` that has one, in the first place that has it. Low quality will do."""
    wanted = set(paths)
    folders = sorted({path.rpartition("/")[0] for path in wanted})
    found: dict[str, Path] = {}
    for place in places:
        there = {f"{folder}/{name}".lstrip("/") for folder in folders for name in _listed(place / folder)}
        for path in wanted - found.keys():
            names = [name for name in (path, _low(path)) if name in there]
            if names:
                found[path] = place / names[0]
    return found


def _low(path: str) -> str:
    """As "48/948.mp3" is called in the archive of low quality: "48/948.low.mp3"."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.low{dot}{suffix}"


def _listed(folder: Path) -> list[str]:
    """The names in a folder; none where it is missing."""
    try:
        return [file.name for file in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder, error) from error
