"""The recording that a library keeps: each clip is on the disk and in the index before it is told of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.frames import Backlog, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.guarding import guarded
from musicmed_desktop.library.holding import Hold
from musicmed_desktop.library.sound import SOUND, JoinedSound
from musicmed_desktop.library.writing import ClipWriter
from musicmed_desktop.session.record import (
    SILENCE_DBTP,
    SILENCE_LUFS,
    Audio,
    Change,
    SessionRecord,
    StepRecord,
    Tool,
    session_record,
)
from musicmed_desktop.session.recording import Beginning


class LibraryRecording(ABC):
    """A Recording, and a context manager that discards what was not finished.

    What was stored before `discard` stays in the library as an interrupted session. `id` is the session's; `entry`
    and `record` are what the library has of it once it is finished.
    """

    audio_name = SOUND

    def __init__(self, collection: Collection, id: str, folder: str, hold: Hold) -> None:
        self.id = id
        self.entry: Entry | None = None
        self.record: SessionRecord | None = None
        self.failure: UserError | None = None  # after which nothing more is stored
        self._collection, self._folder = collection, folder
        self._hold = hold

    @property
    @abstractmethod
    def has_stored(self) -> bool:
        """Whether a clip of it is in the library."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    @abstractmethod
    def begin(self, beginning: Beginning) -> None: ...

    @abstractmethod
    def write(self, frames: Frames) -> None: ...

    @abstractmethod
    def store_step(self, step: StepRecord, end: int) -> None: ...

    @abstractmethod
    def store_change(self, change: Change) -> None: ...

    @abstractmethod
    def finish(self, record: SessionRecord, score: Score | None) -> None: ...

    def discard(self) -> None:
        self._hold.release()


class NewRecording(LibraryRecording):
    """Of a session from its beginning; without a clip, nothing of it stays."""

    def __init__(
        self,
        collection: Collection,
        id: str,
        folder: str,
        hold: Hold,
        started: datetime,
        before: Affect | None = None,
    ) -> None:
        super().__init__(collection, id, folder, hold)
        self._started, self._before = started, before
        self._writer: ClipWriter | None = None
        self._joined: JoinedSound | None = None
        self._changes: list[Change] = []  # that came before the first sound

    @property
    def has_stored(self) -> bool:
        return self._writer is not None and self._writer.count > 0

    @guarded
    def begin(self, beginning: Beginning) -> None:
        engine, index = beginning.engine, self._collection.index
        draft = draft_of(beginning)
        entry = Entry.of(self.id, self._started, draft, self._before).changed(maker=engine.about)
        index.begin(entry, self._folder, draft)
        for change in self._changes:
            index.store_change(self.id, change)
        self._waiting = Backlog(engine.channels)
        self._joined = JoinedSound(self._collection.shelf, self._folder, engine.sample_rate, engine.channels)
        self._writer = ClipWriter(self._collection, self.id, self._folder, engine.sample_rate)

    @guarded
    def write(self, frames: Frames) -> None:
        self._waiting.append(frames)

    @guarded
    def store_step(self, step: StepRecord, end: int) -> None:
        self._store(self._waiting.take(end), step)

    @guarded
    def store_change(self, change: Change) -> None:
        if self._writer is None:
            self._changes.append(change)
        else:
            self._collection.index.store_change(self.id, change)

    @guarded
    def finish(self, record: SessionRecord, score: Score | None) -> None:
        if len(self._waiting):  # what was too short to be measured as a step
            self._store(self._waiting.take(self._waiting.end), None)
        assert self._joined is not None
        files = [self._joined.finish(), *self._collection.store_record(self._folder, record, score)]
        self.entry = self._collection.finish(Entry.of(self.id, self._started, record, self._before), files)
        self.record = record
        self._hold.release()

    def discard(self) -> None:
        if self._joined is not None:
            self._joined.discard()
        super().discard()
        if self.entry is None and not self.has_stored:
            with suppress(UserError):  # what is left is found and cleared at another start
                self._collection.remove(self.id, self._folder)

    def _store(self, frames: Frames, step: StepRecord | None) -> None:
        if self._writer is None or self._joined is None:
            raise RuntimeError("the recording was not begun")
        self._joined.append(self._writer.store(frames, step))


def draft_of(beginning: Beginning) -> SessionRecord:
    """The record of a session of which nothing was heard yet."""
    engine, recognizer = beginning.engine, beginning.recognizer
    silence = Audio(
        path=SOUND,
        sample_rate=engine.sample_rate,
        channels=engine.channels,
        duration_s=0.0,
        loudness_lufs=SILENCE_LUFS,
        true_peak_dbtp=SILENCE_DBTP,
    )
    made_by = Tool(name=engine.name, version=engine.version)
    return session_record(beginning.plan, made_by, recognizer, silence, (), shortened=True)
