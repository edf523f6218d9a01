"""One session as one file or folder outside the library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from musicmed_desktop.disk import writing
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.audio.files import Format
    from musicmed_desktop.library import Entry, Library

PARCEL, FOLDER = "musicmed", "folder"
KINDS = ("flac", "wav", "mp3", "ogg", PARCEL, FOLDER)


@dataclass(frozen=True)
class Copies:
    """How to copy: `kind` is one of KINDS; sound and password are for a parcel."""

    library: Library
    kind: str
    with_sound: bool
    password: str | None

    def write(self, entry: Entry, target: Path, into_folder: bool) -> Path:
        """To `target`, or under a name of its own into the folder `target`; returns where. Raises UserError."""
        from musicmed_desktop.library import file_name
        from musicmed_desktop.library.names import free_name

        if self.kind == FOLDER:
            parent = target if into_folder else target.parent
            return self._folder(entry, parent, file_name(entry) if into_folder else target.name)
        if into_folder:
            with writing(target):
                target.mkdir(parents=True, exist_ok=True)
            suffix = f".{self.kind}"
            name = free_name(file_name(entry), lambda name: os.path.lexists(target / f"{name}{suffix}"))
            target = target / f"{name}{suffix}"
        elif os.path.lexists(target):
            raise UserError(f"{target} already exists.", "Choose another name.")
        self._file(entry, target)
        return target

    def _file(self, entry: Entry, target: Path) -> None:
        from musicmed_desktop.library.exchange import write_parcel
        from musicmed_desktop.library.export import export_sound, tags_of
        from musicmed_desktop.library.receiving import send

        if self.kind == PARCEL:
            write_parcel(send(self.library, entry.id, self.with_sound), target, self.password)
            return
        with self.library.sound(entry.id) as sound:
            export_sound(sound, target, cast("Format", self.kind), tags_of(entry, self.library.record(entry.id)))

    def _folder(self, entry: Entry, parent: Path, name: str) -> Path:
        from musicmed_desktop.library.export import export_folder

        collection = self.library.collection
        folder = collection.index.folder(entry.id)
        names = [file.name for file in collection.index.files(entry.id)]
        with writing(parent):
            parent.mkdir(parents=True, exist_ok=True)
        return export_folder({each: partial(collection.shelf.open, folder, each) for each in names}, name, parent)
