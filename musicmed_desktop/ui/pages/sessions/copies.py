"""The files that leave the library: each function takes seconds, and raises UserError where it cannot be written."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from musicmed_desktop.audio.files import Format
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.session.record import SessionRecord


def save_music(library: Library, entry: Entry, target: Path) -> None:
    """The session's sound with tags and a cover, in the form that the name of `target` says."""
    from musicmed_desktop.library.export import export_sound, tags_of

    format = cast(Format, target.suffix.casefold().removeprefix("."))
    with library.sound(entry.id) as music:
        export_sound(music, target, format, tags_of(entry, _record(library, entry.id)))


def save_session(library: Library, entry: Entry, target: Path, with_music: bool, passphrase: str | None) -> None:
    """The whole session for another MusicMed; with a passphrase nobody reads it without."""
    from musicmed_desktop.library.exchange import write_parcel
    from musicmed_desktop.library.receiving import send

    write_parcel(send(library, entry.id, with_music), target, passphrase)


def save_table(library: Library, target: Path) -> int:
    """All sessions, as a table or as JSON as the name of `target` says; returns how many."""
    from musicmed_desktop.library.export import write_csv, write_json

    entries = library.entries()
    if target.suffix.casefold() == ".json":
        write_json(entries, target, lambda id: _record(library, id))
    else:
        write_csv(entries, target)
    return len(entries)


def music_bytes(library: Library, entry: Entry) -> int:
    """How large the session's sound is; 0 where it is not there."""
    return sum(file.size for file in library.collection.index.files(entry.id) if file.name.endswith(".flac"))


def _record(library: Library, id: str) -> SessionRecord | None:
    """A course that cannot be read keeps nobody from the rest."""
    try:
        return library.record(id)
    except UserError:
        return None
