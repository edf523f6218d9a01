"""The codes of a dataset on the disk: a file for each track, and a note for each that cannot be used."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.packing import Codes, Layout, packed, unpacked

__all__ = ["CodeCache", "Codes", "Layout"]

_LAYOUT = "cache.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DEAD_S = 600  # a file is written within a second
_ELSEWHERE = "Choose another folder with --codes, or remove this one."


class CodeCache:
    """Codes by the tracks' ids, in `folder`/48/track_0000948.npz. May be shared by processes that fill different parts.

    A track is there whole or not at all, even where a process was killed or the power failed.
    """

    def __init__(self, folder: Path, layout: Layout) -> None:
        """Open the cache, or begin one. Raises UserError where the folder holds codes of another layout."""
        self.folder = folder
        self.layout = layout
        path = folder / _LAYOUT
        known = _read_layout(path)
        if known is None:
            with writing(path):
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(path, json.dumps(asdict(layout), indent=2).encode() + b"\n")
        elif known != layout:
            raise UserError(f"The codes in {folder} were made {_differences(known, layout)}.", _ELSEWHERE)

    def has(self, track_id: str) -> bool:
        """Whether there is a file for the track; `read` tells whether it is whole."""
        return self._path(track_id, ".npz").is_file()

    def read(self, track_id: str) -> Codes | None:
        """None where they are missing, or damaged in any byte. Raises UserError where the file may not be read."""
        path = self._path(track_id, ".npz")
        try:
            return unpacked(path.read_bytes(), self.layout)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(path, error) from error

    def write(self, track_id: str, codes: Codes) -> None:
        """Keep them; what was known against the track is forgotten. ValueError where they do not fit the layout.

        Raises UserError where the disk refuses.
        """
        if not codes.fit(self.layout):
            raise ValueError(f"{track_id}: codes {codes.codes.shape} in {self.layout}")
        self._put(self._path(track_id, ".npz"), packed(codes))
        with suppress(FileNotFoundError):
            self._path(track_id, ".json").unlink()

    def refuse(self, track_id: str, file: Path, reason: str) -> None:
        """Remember that the track's sound file cannot be used, as long as it stays as it is."""
        note = {"reason": reason, "file": str(file.absolute()), "state": _state(file)}
        self._put(self._path(track_id, ".json"), json.dumps(note).encode())

    def refused(self, track_id: str) -> str | None:
        """Why the track cannot be used; None where nothing is known, or its file has changed since."""
        path = self._path(track_id, ".json")
        try:
            note = json.loads(path.read_bytes())
            unchanged = note["state"] == _state(Path(note["file"]))
            return str(note["reason"]) if unchanged else None
        except (OSError, ValueError, LookupError, TypeError):  # then the file is tried again
            return None

    def tidy(self) -> None:
        """Remove what killed processes left half written."""
        for part in self.folder.glob("*/.*.part"):
            with suppress(OSError):  # another process may do the same
                if part.stat().st_mtime < time.time() - _DEAD_S:
                    part.unlink()

    def _path(self, track_id: str, suffix: str) -> Path:
        """In one of a hundred folders, as the dataset has its own: the last two digits."""
        if not _NAME.fullmatch(track_id):
            raise ValueError(f"{track_id!r:.80} is no plain name")
        return self.folder / track_id[-2:] / f"{track_id}{suffix}"

    def _put(self, path: Path, content: bytes) -> None:
        with writing(path):
            path.parent.mkdir(exist_ok=True)
            write_whole(path, content, settled=False)  # what a power failure damages is found by `read`


def _state(file: Path) -> list[int] | None:
    """Size and time of the last change; None where there is no such file, or it may not be seen."""
    try:
        status = file.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]


def _read_layout(path: Path) -> Layout | None:
    try:
        values: dict[str, Any] = json.loads(path.read_bytes())
        return Layout(**values)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, TypeError) as error:
        raise UserError(f"The file {path} is damaged.", _ELSEWHERE, str(error)) from error


def _differences(known: Layout, wanted: Layout) -> str:
    """How codes were made that do not fit."""
    found = []
    if known.fingerprint != wanted.fingerprint:
        found.append("by another codec")
    if known.window_s != wanted.window_s:
        found.append(f"from windows of {known.window_s:g} seconds instead of {wanted.window_s:g}")
    if known.most != wanted.most:
        found.append(f"with up to {known.most} windows of a track instead of {wanted.most}")
    return ", ".join(found) or f"with {known.frames} codes in a window instead of {wanted.frames}"
