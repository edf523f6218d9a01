"""What a library has lost comes back from its backup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.backup import refuse_overlap
from musicmed_desktop.library.carrying import Carried, carried, put
from musicmed_desktop.library.collection import Collection, clip_name
from musicmed_desktop.library.copying import DamagedFileError
from musicmed_desktop.library.holding import is_held
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.shelf import StoredFile
from musicmed_desktop.library.verifying import file_problem
from musicmed_desktop.session.folder import RECORD


@dataclass(frozen=True)
class Restored:
    """Sessions by their ids: those that came `back`, those whose files were `mended`, and those that are `damaged` in
    the backup, so that it could not help."""

    back: tuple[str, ...]
    mended: tuple[str, ...]
    damaged: tuple[str, ...]


def restore(library: Library, source: Library, told: Told = untold, cancelled: Cancelled = nobody) -> Restored:
    """Bring back from the backup `source` the sessions that are missing here, and the files that are damaged here.

    Whatever is here and whole stays as it is, also where the backup has other words of it. What lay in the trash
    comes back into the trash. Raises UserError, CancelledError; then all that came back until then is here.
    """
    refuse_overlap(library.folder, source.folder)
    library.collection.index.create()
    theirs = source.collection.index
    here = set(library.collection.index.folders())
    ids = sorted(theirs.folders(), key=lambda id: id in here)
    meter = Meter("copying", sum(file.size for id in ids for file in theirs.files(id)), told, cancelled)
    back, mended, damaged = [], [], []
    for id in ids:
        session = carried(theirs.database, id)
        if session is None or is_held(source.collection.shelf.folder(session.folder)):
            continue
        try:
            if id not in here:
                _bring_back(library.collection, source.collection, session, meter)
                back.append(id)
            elif _mend(library.collection, source.collection, session, meter):
                mended.append(id)
        except DamagedFileError:
            damaged.append(id)
    return Restored(tuple(back), tuple(mended), tuple(damaged))


def _bring_back(ours: Collection, backup: Collection, session: Carried, meter: Meter) -> None:
    """Files first, row last. A session that was found again by its files alone gets its words back."""
    for file in session.files:
        if file_problem(backup.shelf, session.folder, file):
            raise DamagedFileError
    twin = _twin(ours, session)
    if twin is not None:
        put(ours.index.database, [session.changed(folder=twin.folder).with_files(twin.files)], instead=twin.id)
        return
    started = datetime.fromisoformat(session.session["started"])
    words = f"{session.session['start_word']} to {session.session['target_word']}"
    folder, hold = ours.hold_new(session.id, started, words)
    try:
        with hold:
            files = list(_brought(ours, backup, session, folder, session.files, meter))
            for clip in session.belonging["clips"] if not session.is_kept else ():
                name = clip_name(clip["number"])
                ours.shelf.write(folder, name, _clip(backup, session.folder, name))
            deleted = session.session["deleted"] and datetime.now(UTC).isoformat()
            put(ours.index.database, [session.changed(folder=folder, deleted=deleted).with_files(files)])
    except BaseException:
        ours.shelf.remove(folder)
        raise


def _clip(backup: Collection, folder: str, name: str) -> bytes:
    try:
        return backup.shelf.read(folder, name)
    except UserError as error:
        raise DamagedFileError(folder, name) from error


def _twin(ours: Collection, session: Carried) -> Carried | None:
    """A session here of another id whose folder and course are the same, and of which nobody has said anything."""
    ids = [id for id, folder in ours.index.folders().items() if folder == session.folder]
    twin = carried(ours.index.database, ids[0]) if ids and not ours.shelf.locked else None
    if twin is None or _course(twin) is None or _course(twin) != _course(session):
        return None
    said = twin.session["note"] or twin.session["after_valence"] is not None or twin.session["favourite"]
    return None if said else twin


def _course(session: Carried) -> str | None:
    return next((file.sha256 for file in session.files if file.name == RECORD), None)


def _mend(ours: Collection, backup: Collection, session: Carried, meter: Meter) -> bool:
    """Whether a file of a kept session was damaged here, and is whole again."""
    folder, files = ours.index.folder(session.id), ours.index.files(session.id)
    wrong = [file for file in files if file_problem(ours.shelf, folder, file)]
    names = {file.name for file in wrong}
    better = [file for file in session.files if file.name in names]
    meter.count(sum(file.size for file in session.files) - sum(file.size for file in better))
    if not better or not session.is_kept:
        return False
    if not ours.shelf.folder(folder).is_dir():
        ours.shelf.make(folder)
    brought = {file.name: file for file in _brought(ours, backup, session, folder, better, meter)}
    ours.index.set_files(session.id, [brought.get(file.name, file) for file in files])
    return True


def _brought(
    ours: Collection, backup: Collection, session: Carried, folder: str, files: Iterable[StoredFile], meter: Meter
) -> Iterator[StoredFile]:
    """Each opened with the backup's key and sealed with ours, where they are locked, and compared."""
    for file in files:
        if file_problem(backup.shelf, session.folder, file):
            raise DamagedFileError
        content = backup.shelf.read(session.folder, file.name)
        stored = ours.shelf.write(folder, file.name, content)
        if ours.shelf.read(folder, file.name) != content:
            path = ours.shelf.path(folder, file.name)
            raise UserError(f"{path} was not stored as it was written.", "Check the disk, or use another one.")
        meter.count(file.size)
        yield stored
