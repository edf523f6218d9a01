"""An interrupted session goes on: what is recorded now continues what was stored before."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.converter import Converter
from musicmed_desktop.audio.fades import fade_out
from musicmed_desktop.audio.frames import Backlog, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.guarding import guarded
from musicmed_desktop.library.holding import Hold
from musicmed_desktop.library.interrupted import Interrupted, refuse_ended
from musicmed_desktop.library.joining import join
from musicmed_desktop.library.pcm import Pcm
from musicmed_desktop.library.recording import LibraryRecording
from musicmed_desktop.library.writing import ClipWriter
from musicmed_desktop.session.record import Change, Coordinates, SessionRecord, StepRecord, Tool
from musicmed_desktop.session.recording import Beginning

SEAM_S = 1.0


class ResumedRecording(LibraryRecording):
    """Steps, changes and sound come as of a session of its own, and are stored as the rest of the earlier one.

    The new music may have another sample rate, as from another engine: it is converted to the earlier one's.
    Nothing that was stored before is touched.
    """

    def __init__(self, collection: Collection, earlier: Interrupted) -> None:
        """UserError where another program records the session."""
        folder = collection.index.folder(earlier.id)
        super().__init__(collection, earlier.id, folder, Hold(collection.shelf.folder(folder)))
        try:
            refuse_ended(collection, earlier.id)
        except UserError:
            self._hold.release()
            raise
        self._earlier = earlier
        self._draft, self._rate = earlier.draft, earlier.draft.audio.sample_rate
        self._clips = collection.index.clips(earlier.id)
        self._end = sum(clip.frames for clip in self._clips) + round(SEAM_S * self._rate)  # where the rest begins
        self._changes: list[Change] = []  # that came before the first clip
        self._joins = True  # as long as there is none

    @property
    def has_stored(self) -> bool:
        return not self._joins

    @guarded
    def begin(self, beginning: Beginning) -> None:
        channels = self._draft.audio.channels
        self._ratio = self._rate / beginning.engine.sample_rate
        self._converter = Converter(beginning.engine.sample_rate, self._rate, channels)
        self._waiting = Backlog(channels)
        count = self._clips[-1].number + 1
        self._writer = ClipWriter(self._collection, self.id, self._folder, self._rate, count)
        self._changes.insert(0, _resumption(beginning))

    @guarded
    def write(self, frames: Frames) -> None:
        self._waiting.append(self._converter.convert(frames))

    @guarded
    def store_step(self, step: StepRecord, end: int) -> None:
        if self._joins:
            self._join_on()
        self._writer.store(self._waiting.take(round(end * self._ratio)), self._shifted_step(step))

    @guarded
    def store_change(self, change: Change) -> None:
        if self._joins:
            self._changes.append(change)
        else:
            self._collection.index.store_change(self.id, self._shifted_change(change))

    @guarded
    def finish(self, record: SessionRecord, score: Score | None) -> None:  # noqa: ARG002 - that of the rest alone
        self._waiting.append(self._converter.convert(self._waiting.view(0, 0), last=True))
        if len(self._waiting):
            self._writer.store(self._waiting.take(self._waiting.end), None)
        draft, channels = self._collection.index.draft(self.id), self._draft.audio.channels
        sound, audio = join(self._collection, self.id, self._rate, channels)
        whole = draft.model_copy(
            update={
                "audio": audio,
                "engine": _both(draft.engine, record.engine),
                "recognizer": _both(draft.recognizer, record.recognizer),
                "application": _both(draft.application, record.application),
                "shortened": record.shortened,
            }
        )
        files = [sound, *self._collection.store_record(self._folder, whole)]
        entry = self._earlier.entry
        self.entry = self._collection.finish(Entry.of(self.id, entry.started, whole, entry.before), files)
        self.record = whole
        self._hold.release()

    def _join_on(self) -> None:
        """With the first clip of the rest: until then the session is as it was."""
        last = self._collection.whole_clip(self.id, self._clips[-1])
        self._writer.store(seam(last, self._rate), None, *map(self._shifted_change, self._changes))
        self._joins = False

    def _shifted_step(self, step: StepRecord) -> StepRecord:
        begin_s = self._end / self._rate
        index = len(self._draft.steps) + step.index
        return step.model_copy(update={"index": index, "start_s": round(step.start_s + begin_s, 4)})

    def _shifted_change(self, change: Change) -> Change:
        return change.model_copy(update={"at_s": round(change.at_s + self._end / self._rate, 4)})


def seam(last: Pcm, sample_rate: int) -> Frames:
    """What sounds behind the last stored clip: its end fades out backwards, so that the break is no click."""
    tail = last[: -round(SEAM_S * sample_rate) - 1 : -1].astype(np.float32) / 32768
    frames = np.zeros((round(SEAM_S * sample_rate), last.shape[1]), np.float32)
    frames[: len(tail)] = tail * fade_out(len(tail))
    return frames


def _resumption(beginning: Beginning) -> Change:
    plan = beginning.plan
    return Change(
        at_s=0.0,
        reason="resumed",
        felt=Coordinates.of(plan.prescription.start),
        prescription=plan.prescription,
        path=tuple(map(Coordinates.of, plan.path)),
        seed=plan.seed,
    )


def _both(earlier: Tool, now: Tool) -> Tool:
    if now == earlier:
        return earlier
    name = earlier.name if now.name == earlier.name else f"{earlier.name}, then {now.name}"
    return Tool(name=name, version=f"{earlier.version}, then {now.version}")
