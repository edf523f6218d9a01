"""Whether all that the library says is there is there, to the last byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection, DamagedClipError
from musicmed_desktop.library.holding import is_held
from musicmed_desktop.library.interrupted import removed_by_half
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.pcm import hash_of, pcm_in
from musicmed_desktop.library.shelf import CLIPS, LOCK, REMOVED, Shelf, StoredFile
from musicmed_desktop.library.sound import SOUND
from musicmed_desktop.session.folder import RECORD

INDEX_ITSELF = "library"  # `where` of a problem that no single session has
SET_ASIDE = "damaged-"  # begins the names of files that repair replaced
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})  # of Windows; those of others are hidden


@dataclass(frozen=True)
class Problem:
    """`where` is a session's id, the name of a folder that no session has, or INDEX_ITSELF."""

    where: str
    sentence: str


def verify(library: Library, told: Told = untold, cancelled: Cancelled = nobody) -> tuple[Problem, ...]:
    """Read everything, and tell what is damaged, missing or unknown; none of it is changed.

    Sessions that a program is recording now are left out, and so is what a killed program left to be cleared. Raises
    UserError where the index cannot be read at all, CancelledError where it was stopped.
    """
    index = library.collection.index
    if not index.database.exists():
        return tuple(_strangers(library.collection))
    if damage := index.database.damage():  # nothing that it says can be relied on
        return tuple(Problem(INDEX_ITSELF, f"The list of sessions is damaged: {words}.") for words in damage)
    meter = Meter("checking", _size(library.collection), told, cancelled)
    return (*_kept(library, meter), *_interrupted(library, meter), *_strangers(library.collection))


def verify_sound(library: Library, told: Told = untold, cancelled: Cancelled = nobody) -> tuple[Problem, ...]:
    """Decode the music of all kept sessions, and compare it with what was recorded, clip by clip; takes minutes.

    `verify` finds later damage without that, by the hash of the file. Errors are as there.
    """
    collection, problems = library.collection, []
    ids = [id for id in _kept_ids(collection) if collection.index.clips(id)]
    sizes = {id: sum(file.size for file in collection.index.files(id) if file.name == SOUND) for id in ids}
    meter = Meter("checking", sum(sizes.values()), told, cancelled)
    for id in ids:
        if not sounds_as_recorded(collection, id) and collection.index.has(id):
            problems.append(Problem(id, f"{SOUND} does not hold the music that was recorded."))
        meter.count(sizes[id])
    return tuple(problems)


def sounds_as_recorded(collection: Collection, id: str) -> bool:
    """Whether the joined sound of a kept session holds the samples of all its clips, and nothing else."""
    folder, at = collection.index.folder(id), 0
    try:
        pcm, _ = pcm_in(collection.shelf.read(folder, SOUND))
    except (UserError, ValueError):
        return False
    for clip in collection.index.clips(id):
        if hash_of(pcm[at : at + clip.frames]) != clip.sha256:
            return False
        at += clip.frames
    return at == len(pcm)


def file_problem(shelf: Shelf, folder: str, file: StoredFile) -> str:
    """What is wrong with a file; empty where it is as it was stored."""
    try:
        if not shelf.has(folder, file.name):
            return f"{file.name} is missing."
        found = shelf.stored(folder, file.name)
    except UserError as error:
        return f"{file.name} cannot be read: {error.detail or error.title}"
    return "" if found == file else f"{file.name} is damaged, or was changed by another program."


def _size(collection: Collection) -> int:
    with collection.index.database.connected() as connection:
        size: int = connection.execute("SELECT coalesce(sum(size), 0) FROM files").fetchone()[0]
    return size


def _kept_ids(collection: Collection) -> list[str]:
    entries = (*collection.index.entries(), *collection.index.entries(deleted=True))
    leaving = set(removed_by_half(collection))
    return [entry.id for entry in entries if entry.id not in leaving]


def _kept(library: Library, meter: Meter) -> Iterator[Problem]:
    for id in _kept_ids(library.collection):
        sentences = _unless_changed(library.collection, id, lambda id: list(_session(library, id, meter)))
        yield from (Problem(id, sentence) for sentence in sentences)


def _unless_changed(collection: Collection, id: str, check: Callable[[str], list[str]]) -> list[str]:
    """What `check` finds wrong, unless another program removed or changed the session meanwhile."""
    while collection.index.has(id):
        before = (collection.index.files(id), collection.index.folder(id))
        sentences = check(id)
        if not sentences:
            return []
        if collection.index.has(id) and before == (collection.index.files(id), collection.index.folder(id)):
            return sentences
    return []


def _session(library: Library, id: str, meter: Meter) -> Iterator[str]:
    index, shelf = library.collection.index, library.collection.shelf
    folder, files = index.folder(id), index.files(id)
    if not shelf.folder(folder).is_dir():
        yield f"The folder {shelf.folder(folder)} is missing."
        return
    whole = set()
    for file in files:
        sentence = file_problem(shelf, folder, file)
        meter.count(file.size)
        if sentence:
            yield sentence
        else:
            whole.add(file.name)
    if RECORD in whole:
        try:
            library.record(id)
        except UserError as error:
            yield f"{RECORD} cannot be understood: {error.detail}"
    yield from (f"{RECORD} is missing." for _ in range(not any(file.name == RECORD for file in files)))
    yield from (f"{name} does not belong to it." for name in _others(shelf, folder, files))


def _interrupted(library: Library, meter: Meter) -> Iterator[Problem]:
    collection = library.collection
    for found in library.interrupted():
        for clip in collection.index.clips(found.id):
            meter.count(0)
            try:
                collection.clip(found.id, clip)
            except DamagedClipError as error:
                if _still_interrupted(collection, found.id):
                    yield Problem(found.id, f"A part of its music is damaged: {error}.")


def _still_interrupted(collection: Collection, id: str) -> bool:
    return id in collection.index.recording() and not is_held(collection.shelf.folder(collection.index.folder(id)))


def _strangers(collection: Collection) -> Iterator[Problem]:
    """Folders and files that nobody knows; those that became known meanwhile are left out."""
    shelf = collection.shelf
    found = [folder for folder in shelf.folders() if _is_strange(shelf, folder)]
    known = set(collection.index.folders().values())
    for folder in found:
        if folder not in known and not is_held(shelf.folder(folder)):
            yield Problem(folder, f"The folder {shelf.folder(folder)} belongs to no session of the list.")


def _is_strange(shelf: Shelf, folder: str) -> bool:
    path = shelf.folder(folder)
    if folder.endswith(REMOVED) or is_held(path):
        return False
    if (path / CLIPS).exists():  # of a session that was recorded, and whose row was lost
        return True
    return not (path / LOCK).exists() and any(True for _ in _others(shelf, folder, ()))


def _others(shelf: Shelf, folder: str, files: Iterable[StoredFile]) -> Iterator[str]:
    """Names in a folder that are neither `files`, nor left by a killed program, nor put there by a system."""
    known = {shelf.path(folder, file.name).name for file in files} | {LOCK, CLIPS}
    try:
        found = sorted(path for path in shelf.folder(folder).iterdir() if path.name not in known)
    except FileNotFoundError:  # another program removed it a moment ago
        return
    except OSError as error:
        raise unreadable(shelf.folder(folder), error) from error
    yield from (path.name for path in found if not _is_harmless(path))


def _is_harmless(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((".", SET_ASIDE)) or name.endswith(".part") or name in _OF_SYSTEMS
