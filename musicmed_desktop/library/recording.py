"""The recording that a library keeps: a session's folder with an entry in it from the first moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from musicmed_desktop.disk import settle_names, unwritable
from musicmed_desktop.engines.score import Score
from musicmed_desktop.library.entry import ENTRY, Entry
from musicmed_desktop.session.folder import SessionFolder
from musicmed_desktop.session.record import SessionRecord


class LibraryRecording(SessionFolder):
    """A Recording; `id` is the session's in the library, `entry` what the library has of it once it is kept."""

    def __init__(self, directory: Path, started: datetime) -> None:
        super().__init__(directory)
        self.id = self.directory.name
        self.entry: Entry | None = None
        self._started = started

    def finish(self, record: SessionRecord, score: Score | None) -> None:
        entry = Entry.of(self.id, self._started, record)
        try:
            self._save(ENTRY, entry.to_json().encode())
            super().finish(record, score)
            settle_names(self.directory.parent)
        except OSError as error:
            raise unwritable(self.directory, error) from error
        self.entry = entry
