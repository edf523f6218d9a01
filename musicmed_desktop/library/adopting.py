"""Sessions whose folders are there but which the index does not know: of an earlier version, or of a lost index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.files import Format
from musicmed_desktop.disk import writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.holding import is_held
from musicmed_desktop.library.names import moment_in
from musicmed_desktop.library.reuniting import reunite, strange_folders
from musicmed_desktop.session.folder import FILES, RECORD, SOUNDS
from musicmed_desktop.session.record import SessionRecord

TRASH = "trash"  # the folder of deleted sessions in the first version, which had no index
ENTRY = "entry.json"  # what the listener said, in the first version
_FORMAT: Format = "flac"
_SAID = ("title", "start_word", "target_word", "note", "favourite", "underruns", "sound_device")


def adopt(collection: Collection, folder: Path) -> tuple[Entry, ...]:
    """Put all whole sessions on the shelf that the index does not know into it; returns their entries.

    Folders that cannot be understood are left alone. Raises UserError where the disk refuses.
    """
    _empty_old_trash(collection, folder / TRASH)
    reunite(collection)
    return tuple(entry for name in strange_folders(collection) for entry in _adopted(collection, name))


def _adopted(collection: Collection, name: str) -> Iterator[Entry]:
    shelf = collection.shelf
    if is_held(shelf.folder(name)) or not (shelf.has(name, RECORD) and shelf.has(name, SOUNDS[_FORMAT])):
        return
    try:
        record = SessionRecord.model_validate_json(shelf.read(name, RECORD))
    except (UserError, ValueError):
        return
    old = shelf.folder(name) / ENTRY
    entry = Entry.of(_id(shelf.locked, name), moment_in(name) or _begun(shelf.path(name, RECORD), record), record)
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):  # a file of any contents
        entry = entry.changed(**_said(json.loads(old.read_bytes())))
    collection.index.create()
    collection.index.add(entry, name, [shelf.stored(name, file) for file in FILES if shelf.has(name, file)])
    with writing(old):
        old.unlink(missing_ok=True)
    yield entry


def _id(locked: bool, name: str) -> str:
    """The folders of a locked library are named by their ids."""
    return name if locked else uuid4().hex


def _begun(record: Path, told: SessionRecord) -> datetime:
    """The record was written when the session had ended."""
    ended = record.stat().st_mtime
    return datetime.fromtimestamp(ended - told.audio.duration_s).astimezone()


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry that entry.json holds."""
    after, deleted = document.get("after"), document.get("deleted")
    return {name: document[name] for name in _SAID if name in document} | {
        "started": datetime.fromisoformat(document["started"]),
        "before": Affect(**document["before"]),
        "wished": Affect(**document["wished"]),
        "after": Affect(**after) if after else None,
        "deleted": datetime.fromisoformat(deleted) if deleted else None,
        "worse_at_s": tuple(document.get("worse_at_s", ())),
    }


def _empty_old_trash(collection: Collection, trash: Path) -> None:
    """Deleted sessions lie among the others now; the index knows that they are."""
    if not trash.is_dir():
        return
    for path in sorted(trash.iterdir()):
        target = collection.shelf.folder(path.name)
        with writing(path):
            if path.is_dir() and not target.exists():
                _mark_deleted(path / ENTRY)
                collection.shelf.place.mkdir(exist_ok=True)
                path.rename(target)
    with suppress(OSError):
        trash.rmdir()


def _mark_deleted(entry: Path) -> None:
    """Where it lay decided, and the date may be missing."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        document = json.loads(entry.read_bytes())
        document["deleted"] = document.get("deleted") or datetime.now(UTC).isoformat()
        entry.write_text(json.dumps(document), encoding="utf-8")
