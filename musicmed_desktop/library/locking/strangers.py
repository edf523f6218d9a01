"""What lies in the library and is none of its files: to lock it would not lock that."""

from __future__ import annotations

import os
from collections.abc import Collection as Container
from collections.abc import Iterator, Sequence
from pathlib import Path

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.adopting import TRASH
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.holding import is_held
from musicmed_desktop.library.locking.inventory import Shelved
from musicmed_desktop.library.rebuilding import DAMAGED, WORKSHOP
from musicmed_desktop.library.shelf import CLIPS, LOCK, REMOVED
from musicmed_desktop.session.folder import FILES

_OF_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".directory"})  # how a folder is shown
_NAMED = 3  # in a message


def refuse_use(collection: Collection) -> None:
    """Raises UserError where a program is recording a session."""
    shelf = collection.shelf
    if any(is_held(shelf.folder(name)) for name in shelf.folders()):
        raise UserError("A session is running.", "Let it end, or stop it, and try again.")


def refuse_strangers(folder: Path, collection: Collection, sessions: Sequence[Shelved]) -> None:
    """Raises UserError where there are files in `folder` that belong to none of the `sessions`; they are left alone."""
    found = sorted({*_in_the_library(folder), *_on_the_shelf(collection, sessions)})
    if not found:
        return
    named = ", ".join(str(path.relative_to(folder)) for path in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    title = "Among your sessions there are files that belong to none of them."
    hint = f"They are left as they are. Move them to another folder, and try again: {named}{more}."
    raise UserError(title, hint, "\n".join(map(str, found)))


def _in_the_library(folder: Path) -> Iterator[Path]:
    """What was set aside when the index was damaged, and what the first version's trash still holds."""
    yield from folder.glob(f"{DAMAGED}*")
    yield from (path for place in (TRASH, WORKSHOP) for path in _files(folder / place))


def _on_the_shelf(collection: Collection, sessions: Sequence[Shelved]) -> Iterator[Path]:
    shelf = collection.shelf
    known = {path for session in sessions for path in session.paths(shelf)}
    for session in sessions:  # what was about to end when its program was killed is made from its clips again
        if session.clips:
            known.update(shelf.path(session.folder, name) for name in FILES)
    folders = {session.folder for session in sessions}
    if shelf.place.is_symlink():
        yield shelf.place
    for path in _files(shelf.place):
        if path not in known and not _is_left_over(path.relative_to(shelf.place), folders):
            yield path


def _is_left_over(path: Path, folders: Container[str]) -> bool:
    """Whether a file on the shelf was left by a killed program, or by a system's file manager."""
    folder, name = path.parts[0], path.name
    if folder.endswith(REMOVED) or name.casefold() in _OF_SYSTEMS or name.startswith("._"):
        return True
    if name == LOCK or (name.startswith(".") and name.endswith(".part")):
        return True
    return folder in folders and path.parts[1] == CLIPS and name.startswith(tuple("0123456789"))


def _files(place: Path) -> Iterator[Path]:
    """All files in `place`, and links, which are not followed."""
    for parent, folders, files in os.walk(place):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from (Path(parent) / name for name in (*files, *links))
