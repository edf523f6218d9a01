"""A second library on another disk, with all that this one has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.disk import settle_names, write_whole, writing
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.carrying import Carried, carried, contents, put
from musicmed_desktop.library.collection import Collection, clip_name
from musicmed_desktop.library.copying import DamagedFileError, bring
from musicmed_desktop.library.database import DamagedIndexError
from musicmed_desktop.library.holding import Hold, is_held
from musicmed_desktop.library.index import INDEX, Index
from musicmed_desktop.library.keys import KEYS, is_locked
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.names import free_name
from musicmed_desktop.library.shelf import SESSIONS, Shelf

MARK = "musicmed-backup.txt"  # where it is, the folder is a backup and may be written to
_WORDS = b"""This folder is a backup of MusicMed sessions. To bring them back: musicmed library restore THIS-FOLDER
To look into it: musicmed library list --library THIS-FOLDER
"""


@dataclass(frozen=True)
class BackedUp:
    """Sessions by their ids: `new` ones and those that were `renewed`; `damaged` are not as they should be here."""

    new: tuple[str, ...]
    renewed: tuple[str, ...]
    damaged: tuple[str, ...]


def back_up(library: Library, target: Path, told: Told = untold, cancelled: Cancelled = nobody) -> BackedUp:
    """Make `target` a backup of the library, or bring the one that is there up to date.

    A session is copied whole and compared, file by file, before it counts; those that were copied before are not
    copied again. What this library has lost or removed stays in the backup. A session that is being recorded is left
    out; one whose files are damaged here does not replace a whole one there. A locked library's backup is locked
    with the same passphrase. Raises UserError, CancelledError; then all that was copied until then is in the backup.
    """
    refuse_overlap(library.folder, target)
    there = _prepared(library, target)
    known, ours = contents(there.index.database), contents(library.collection.index.database)
    if known and ours and not known.keys() & ours.keys():
        hint = "Choose another folder. Or, to bring back what is in it: musicmed library restore."
        raise UserError("This is a backup of other sessions.", hint, str(target))
    changed = [id for id, content in ours.items() if known.get(id) != content]
    meter = Meter("copying", _size(library.collection, changed), told, cancelled)
    new: list[str] = []
    renewed: list[str] = []
    damaged: list[str] = []
    for id in changed:
        session = carried(library.collection.index.database, id)
        if session is None or _is_recording(library.collection, session):
            continue
        try:
            _carry(library.collection, there, session, meter)
        except DamagedFileError:
            damaged.append(id)
            continue
        (renewed if id in known else new).append(id)
    return BackedUp(tuple(new), tuple(renewed), tuple(damaged))


def refuse_overlap(folder: Path, other: Path) -> None:
    """UserError where one of the folders lies in the other one."""
    ours, theirs = folder.resolve(), other.resolve()
    if ours.is_relative_to(theirs) or theirs.is_relative_to(ours):
        hint = "Choose a folder elsewhere, at best on another disk."
        raise UserError("The backup cannot lie where your sessions are.", hint, f"{ours}, {theirs}")


def _prepared(library: Library, target: Path) -> Collection:
    """The backup, made where there is none yet."""
    if not library.collection.index.database.exists():
        raise UserError("There are no sessions to back up yet.", "Play one first.", str(library.folder))
    with writing(target):
        if not (target / MARK).is_file() and _is_used(target):
            raise UserError(f"{target} is not a backup, and not empty.", "Choose an empty folder, or a new one.")
        target.mkdir(parents=True, exist_ok=True)
        if not (target / MARK).exists():
            write_whole(target / MARK, _WORDS)
    _refuse_other_lock(library.folder, target)
    index = _opened(target, library.collection.index.database.key)
    _take_keys(library.folder, target)
    index.create()
    return Collection(index, Shelf(target / SESSIONS, library.collection.shelf.key))


def _is_used(folder: Path) -> bool:
    """Whether there is something in it, but for a mark that was cut off while it was being written."""
    return folder.is_dir() and any(not path.match(f".{MARK}.*.part") for path in folder.iterdir())


def _opened(target: Path, key: bytes | None) -> Index:
    try:
        index = Index(target, key)
        index.recording()
    except DamagedIndexError as error:
        hint = "Choose another folder. If your sessions were locked anew since it was made, remove the old backup then."
        raise UserError("This backup is damaged, or was made with another lock.", hint, error.detail) from error
    return index


def _refuse_other_lock(folder: Path, target: Path) -> None:
    if (target / INDEX).exists() and is_locked(folder) != is_locked(target):
        hint = "Choose another folder, and remove the old backup when the new one is made."
        raise UserError("This backup was made before your sessions were locked or unlocked.", hint, str(target))


def _take_keys(folder: Path, target: Path) -> None:
    """The small file that the passphrase opens, before anything is locked; renewed, as the passphrase may be new."""
    if is_locked(folder):
        with writing(target / KEYS):
            keys = (folder / KEYS).read_bytes()
            if not is_locked(target) or (target / KEYS).read_bytes() != keys:
                write_whole(target / KEYS, keys)


def _size(collection: Collection, ids: Iterable[str]) -> int:
    return sum(file.size for id in ids for file in collection.index.files(id))


def _is_recording(collection: Collection, session: Carried) -> bool:
    return not session.is_kept and is_held(collection.shelf.folder(session.folder))


def _carry(ours: Collection, there: Collection, session: Carried, meter: Meter) -> None:
    """Files first, row last; held, so that what a killed program leaves of it is known as that."""
    before = carried(there.index.database, session.id)
    folder = before.folder if before else _free_folder(there, session)
    with writing(there.shelf.folder(folder)):
        there.shelf.folder(folder).mkdir(parents=True, exist_ok=True)
    with Hold(there.shelf.folder(folder)), writing(there.shelf.folder(folder)):
        stored = before.files if before else ()
        for file in session.files:
            bring(ours.shelf.path(session.folder, file.name), there.shelf.path(folder, file.name), file, stored, meter)
        for clip in session.belonging["clips"] if not session.is_kept else ():
            _bring_clip(ours, there, session.folder, folder, clip_name(clip["number"]), meter)
        settle_names(there.shelf.folder(folder))
        settle_names(there.shelf.place)
        put(there.index.database, [session.changed(folder=folder)])
    if session.is_kept:
        there.tidy(session.id)


def _free_folder(there: Collection, session: Carried) -> str:
    """Its own name; another session may have had that one before it was removed here."""
    taken = set(there.index.folders().values())
    return session.folder if there.shelf.locked else free_name(session.folder, lambda name: name in taken)


def _bring_clip(ours: Collection, there: Collection, folder: str, target: str, name: str, meter: Meter) -> None:
    if not ours.shelf.has(folder, name):
        raise DamagedFileError
    clip = ours.shelf.stored(folder, name)
    with writing(there.shelf.path(target, name)):
        there.shelf.path(target, name).parent.mkdir(exist_ok=True)
    bring(ours.shelf.path(folder, name), there.shelf.path(target, name), clip, (), meter)
    settle_names(there.shelf.path(target, name).parent)
