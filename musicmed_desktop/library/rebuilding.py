"""A damaged or missing index is made anew, from what can be read of it and from copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from musicmed_desktop.disk import settle_file, settle_names, writing
from musicmed_desktop.library.carrying import carried, put
from musicmed_desktop.library.collection import Collection, clip_name
from musicmed_desktop.library.database import DamagedIndexError
from musicmed_desktop.library.index import INDEX, Index, StoredClip
from musicmed_desktop.library.pcm import hash_of, pcm_in
from musicmed_desktop.library.salvaging import SHORTENED, WHOLE, salvage
from musicmed_desktop.library.schema import copies_of
from musicmed_desktop.library.shelf import Shelf
from musicmed_desktop.session.folder import FILES

DAMAGED = f"{INDEX}.damaged-"  # begins the name of an index that was set aside
WORKSHOP = ".repairing"
_LOG, _SHARED = "-wal", "-shm"


def rebuild_index(folder: Path, key: bytes | None, shelf: Shelf) -> Iterator[str]:
    """See to it that the index can be read; tells what was done. Sessions whose folders are gone are left out.

    The damaged one is kept beside; at any moment there is the old one or the new one. Raises UserError.
    """
    place = folder / INDEX
    if place.exists() and place.stat().st_size and _is_whole(folder, key):
        return
    sources = _sources(folder)
    if not sources:
        return  # there never was one, or it is gone: the folders tell what they can
    workshop = folder / WORKSHOP
    with writing(folder):
        shutil.rmtree(workshop, ignore_errors=True)
        workshop.mkdir()
    try:
        taken = _salvaged(sources, workshop, key, shelf)
        with writing(place):
            aside = _set_aside(place)
            (workshop / INDEX).replace(place)
            settle_names(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    sessions = "1 session" if taken == 1 else f"{taken} sessions"
    yield f"The list of sessions was made anew; {sessions} could be taken over with all that you said and wrote."
    if aside:
        yield f"The damaged list is kept as {aside.name}, until the trash is emptied."


def _is_whole(folder: Path, key: bytes | None) -> bool:
    try:
        return not Index(folder, key).database.damage()
    except DamagedIndexError:
        return False


def _sources(folder: Path) -> list[Path]:
    """The index, then the copies that there are of it, the newest first."""
    copies = [path for path in copies_of(folder / INDEX) if not path.name.endswith((_LOG, _SHARED))]
    copies.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return [path for path in (folder / INDEX, *copies) if path.exists()]


def _salvaged(sources: list[Path], workshop: Path, key: bytes | None, shelf: Shelf) -> int:
    """A new index in the workshop, in one file; how many sessions came into it."""
    index, taken = Index(workshop, key), 0
    index.create()
    copies = [workshop / f"source-{number}" for number in range(len(sources))]
    for source, copy in zip(sources, copies, strict=True):
        with writing(copy):
            _copy(source, copy)
    for rows in (WHOLE, SHORTENED):  # a note that is damaged here may be whole in an earlier copy
        for copy in copies:
            taken += salvage(copy, key, index.database, lambda name: shelf.folder(name).is_dir(), rows)
    _list_again(Collection(index, shelf))
    with index.database.connected() as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # nothing beside the file
    with writing(index.database.path):
        settle_file(index.database.path)
    return taken


def _list_again(collection: Collection) -> None:
    """Files and clips that are there and whose rows were lost."""
    index, shelf = collection.index, collection.shelf
    for id in index.folders():
        session = carried(index.database, id)
        if session is None:
            continue
        if session.is_kept:
            known = {file.name for file in session.files}
            names = [name for name in FILES if name not in known and shelf.has(session.folder, name)]
            if names:
                lost = [shelf.stored(session.folder, name) for name in names]
                put(index.database, [session.with_files((*session.files, *lost))])
        else:
            _list_clips(collection, id, session.folder)


def _list_clips(collection: Collection, id: str, folder: str) -> None:
    known = {clip.number for clip in collection.index.clips(id)}
    for number in count():  # many may have been stored behind the last row of a copy
        if number in known:
            continue
        if collection.shelf.has(folder, clip_name(number)):
            with suppress(ValueError):
                pcm, _ = pcm_in(collection.shelf.read(folder, clip_name(number)))
                collection.index.store_clip(id, StoredClip(number, len(pcm), hash_of(pcm)))
        elif number > max(known, default=-1):
            return


def _set_aside(place: Path) -> Path | None:
    """A copy of the damaged index with its log; then the log must go, since the new index has another one."""
    if not place.exists():
        return None
    aside = place.with_name(f"{DAMAGED}{datetime.now():%Y%m%d-%H%M%S}")
    _copy(place, aside)
    for name in (aside, Path(f"{aside}{_LOG}")):
        if name.exists():
            settle_file(name)
    settle_names(place.parent)
    for end in (_LOG, _SHARED):
        Path(f"{place}{end}").unlink(missing_ok=True)
    return aside


def _copy(source: Path, target: Path) -> None:
    shutil.copy(source, target)
    log = Path(f"{source}{_LOG}")
    if log.exists():
        shutil.copy(log, f"{target}{_LOG}")
