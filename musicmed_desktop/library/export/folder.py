"""A copy of all files of a session, for who wants to work with them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.disk import writing
from musicmed_desktop.library.names import free_name, plain
from musicmed_desktop.session.folder import FILES
from musicmed_desktop.session.staging import PARTIAL, Staging

Opener = Callable[[], BinaryIO]


def export_folder(files: Mapping[str, Opener], name: str, parent: Path) -> Path:
    """Copy sound, record, score and picture into a new folder in `parent`, whole or not at all.

    `files` opens each file of the session for reading, by its name; what is not one of `session.folder.FILES` stays
    behind, and so does what the listener wrote. The folder is called `name`, or with a number where there is one.
    Returns the new folder; raises UserError.
    """
    target = parent / free_name(plain(name) or "session", lambda each: (parent / each).exists())
    with writing(target):
        staging = Staging(target.with_name(f".{target.name}{PARTIAL}"))
        try:
            for file in FILES:
                if file in files:
                    _copy(files[file], staging.folder / file)
            staging.settle()
            staging.folder.rename(target)
        except BaseException:
            staging.remove()
            raise
    return target


def plain_files(session: Path) -> dict[str, Opener]:
    """The files of a session that lie in the folder `session` as they are, for `export_folder`."""
    there = (session / name for name in FILES)
    return {path.name: _opener(path) for path in there if path.is_file()}


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _copy(opener: Opener, target: Path) -> None:
    with opener() as source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
