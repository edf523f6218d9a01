"""What a library is made of: an index of the sessions, and a shelf with their files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.holding import Hold
from musicmed_desktop.library.index import Index, StoredClip
from musicmed_desktop.library.names import free_name, session_name
from musicmed_desktop.library.pcm import Pcm, hash_of, pcm_in
from musicmed_desktop.library.shelf import CLIPS, Shelf, StoredFile
from musicmed_desktop.session.folder import PICTURE, RECORD, SCORE
from musicmed_desktop.session.midi import midi_bytes
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.trajectory import trajectory_svg


class DamagedClipError(ValueError):
    """A clip is missing, or is not what the index says."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Where each session is under its `id` in the index and under its folder's name on the shelf."""

    index: Index
    shelf: Shelf

    def clip(self, id: str, clip: StoredClip) -> Pcm:
        """The samples of a clip of a session that is recording; DamagedClipError."""
        folder, name = self.index.folder(id), clip_name(clip.number)
        if not self.shelf.has(folder, name):
            raise DamagedClipError(f"{folder}/{name} is missing")
        try:
            pcm, _ = pcm_in(self.shelf.read(folder, name))
        except (UserError, ValueError) as error:
            raise DamagedClipError(f"{folder}/{name}: {error}") from error
        if len(pcm) != clip.frames or hash_of(pcm) != clip.sha256:
            raise DamagedClipError(f"{folder}/{name} holds other samples than were stored")
        return pcm

    def clips(self, id: str) -> Iterator[Pcm]:
        """The samples of all clips of a session that is recording, in order; UserError where one is damaged."""
        return (self.whole_clip(id, clip) for clip in self.index.clips(id))

    def whole_clip(self, id: str, clip: StoredClip) -> Pcm:
        """The same as `clip`; UserError where it is damaged."""
        try:
            return self.clip(id, clip)
        except DamagedClipError as error:
            hint = "Close the app and run: musicmed library repair. What is whole will be kept."
            raise UserError("A part of this session is damaged.", hint, str(error)) from error

    def hold_new(self, id: str, started: datetime, words: str) -> tuple[str, Hold]:
        """Make a folder for a session, and the index where there is none. Returns its name, and it held for us.

        People find it by its name; in a locked library that tells nothing.
        """
        self.index.create()
        with self.index.database.transaction() as connection:  # others wait to make one, and to clear away empty ones
            known = "SELECT 1 FROM sessions WHERE folder = ?"  # it may have lost its folder

            def is_taken(name: str) -> bool:
                return os.path.lexists(self.shelf.folder(name)) or bool(connection.execute(known, (name,)).fetchone())

            name = id if self.shelf.locked else free_name(session_name(started, words), is_taken)
            self.shelf.make(name)
            try:
                return name, Hold(self.shelf.folder(name))
            except BaseException:
                self.shelf.remove(name)
                raise

    def store_record(self, folder: str, record: SessionRecord, score: Score | None = None) -> Iterator[StoredFile]:
        """Everything of a session but its sound."""
        yield self.shelf.write(folder, RECORD, record.to_json().encode())
        yield self.shelf.write(folder, PICTURE, trajectory_svg(record).encode())
        if score is not None:
            yield self.shelf.write(folder, SCORE, midi_bytes(score))

    def finish(self, told: Entry, files: Sequence[StoredFile]) -> Entry:
        """A session that was recording is kept, with what its record tells and the listener said meanwhile."""
        entry = self.index.finish(told, files)
        self.tidy(entry.id)
        return entry

    def tidy(self, id: str) -> None:
        """Remove what is left in the folder of a kept session from the time when it was recorded."""
        self.shelf.tidy(self.index.folder(id), self.index.files(id))

    def remove(self, id: str, folder: str) -> None:
        """The session, and all that it has. A row without a folder is nothing that could be kept."""
        self.shelf.remove(folder)
        self.index.remove(id)


def clip_name(number: int) -> str:
    return f"{CLIPS}/{number:03}.flac"
