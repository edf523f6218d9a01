"""A damaged library is made to work again, and nothing of it is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from musicmed_desktop.disk import writing
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.adopting import adopt
from musicmed_desktop.library.collection import Collection, DamagedClipError, clip_name
from musicmed_desktop.library.ended import enter_ended
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.holding import Hold
from musicmed_desktop.library.index import StoredClip
from musicmed_desktop.library.keys import KEYS, open_keys
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.pcm import flac_of, hash_of
from musicmed_desktop.library.rebuilding import rebuild_index
from musicmed_desktop.library.shelf import SEALED, SESSIONS, Shelf
from musicmed_desktop.library.sound import SOUND
from musicmed_desktop.library.turning import recover
from musicmed_desktop.library.verifying import SET_ASIDE, file_problem, sounds_as_recorded
from musicmed_desktop.session.folder import PICTURE, RECORD, SCORE
from musicmed_desktop.session.record import Audio
from musicmed_desktop.session.trajectory import trajectory_svg


def repair(
    folder: Path, passphrase: str | None = None, told: Told = untold, cancelled: Cancelled = nobody
) -> tuple[str, ...]:
    """Bring the library in `folder` to order; returns what was done, in sentences.

    What is replaced is kept beside, under a name that says so. What is lost stays known as missing, so that `verify`
    names it and a backup can bring it back. No other program should use the library meanwhile. Raises UserError,
    CancelledError; LockedError and WrongPassphraseError as opening the library does.
    """
    recover(folder)
    keys = open_keys(folder, passphrase)
    shelf = Shelf(folder / SESSIONS, keys.files if keys else None)
    if not shelf.locked:
        _refuse_lost_key(folder)
    done = list(rebuild_index(folder, keys.index if keys else None, shelf))
    library = Library(folder, passphrase)
    done += _adopted(library)
    ids = [entry.id for entry in (*library.entries(), *library.deleted())]
    size = sum(file.size for id in ids for file in library.collection.index.files(id))
    meter = Meter("checking", size, told, cancelled)
    done += [sentence for id in ids for sentence in _mended(library, id, meter)]
    done += [f"{named(entry)} had come to its end, and is kept." for entry in enter_ended(library.collection)]
    done += [sentence for found in library.interrupted() for sentence in _silenced(library.collection, found.id)]
    library.settle()
    return tuple(done)


def _refuse_lost_key(folder: Path) -> None:
    """A new list, which is not locked, would only hide that the key is what is missing."""
    if any((folder / SESSIONS).glob(f"*/*{SEALED}")):
        hint = f"Copy the file {KEYS} from a backup into {folder}. Without it nobody can open your sessions."
        raise UserError("Your sessions are locked, and their key is missing.", hint, str(folder / KEYS))


def named(entry: Entry) -> str:
    """The session in a sentence."""
    return f'"{entry.title}" of {entry.started:%Y-%m-%d %H:%M}'


def _adopted(library: Library) -> Iterator[str]:
    for entry in adopt(library.collection, library.folder):
        yield f"{named(entry)} was found by its files: what you said and wrote of it is lost."


def _mended(library: Library, id: str, meter: Meter) -> Iterator[str]:
    index, shelf = library.collection.index, library.collection.shelf
    folder, files = index.folder(id), index.files(id)
    wrong = []
    for file in files:
        if file_problem(shelf, folder, file):
            wrong.append(file)
        meter.count(file.size)
    mended = {file.name: _restored(library, id, file.name) for file in wrong}
    stored = {name: words for name, words in mended.items() if words}
    if stored:
        index.set_files(id, [shelf.stored(folder, file.name) if file.name in stored else file for file in files])
    if len(stored) == len(wrong):
        library.collection.tidy(id)
    yield from (f"{named(index.entry(id))}: {name} {words}." for name, words in stored.items())


def _restored(library: Library, id: str, name: str) -> str:
    """What was done about a file that is not as it was stored; empty where nothing can be done."""
    folder, shelf = library.collection.index.folder(id), library.collection.shelf
    with suppress(UserError):
        if name == PICTURE:
            picture = trajectory_svg(library.record(id)).encode()
            shelf.folder(folder).mkdir(parents=True, exist_ok=True)
            shelf.write(folder, PICTURE, picture)
            return "was drawn again"
        if _is_good(library, id, folder, name):
            return "was changed by another program, and is whole: it is taken as it is"
    return ""


def _is_good(library: Library, id: str, folder: str, name: str) -> bool:
    """Whether a file that was changed is what it should be nevertheless; a player may write tags into music."""
    collection = library.collection
    if name == SOUND:
        return bool(collection.index.clips(id)) and sounds_as_recorded(collection, id)
    if name == RECORD:
        library.record(id)  # or raises
        return True
    return name == SCORE and collection.shelf.read(folder, SCORE).startswith(b"MThd")


def _silenced(collection: Collection, id: str) -> Iterator[str]:
    """Where a clip of an interrupted session is damaged there is silence of its length: the others keep their place."""
    folder, audio = collection.index.folder(id), collection.index.draft(id).audio
    with Hold(collection.shelf.folder(folder)):
        for clip in collection.index.clips(id):
            try:
                collection.clip(id, clip)
            except DamagedClipError:
                _silence(collection, id, clip, audio)
                seconds = clip.frames / audio.sample_rate
                entry = named(collection.index.entry(id))
                yield f"{entry}: {seconds:.0f} s of its music were damaged, and are silence now."


def _silence(collection: Collection, id: str, clip: StoredClip, audio: Audio) -> None:
    import numpy as np

    shelf, folder = collection.shelf, collection.index.folder(id)
    path = shelf.path(folder, clip_name(clip.number))
    with writing(path):
        if path.exists():
            path.replace(shelf.folder(folder) / f"{SET_ASIDE}{path.name}")
    silence = np.zeros((clip.frames, audio.channels), np.int16)
    shelf.write(folder, clip_name(clip.number), flac_of(silence, audio.sample_rate))
    collection.index.set_clip(id, StoredClip(clip.number, clip.frames, hash_of(silence)))
