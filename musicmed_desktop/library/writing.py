"""The sound of a session on its way into the library: clip by clip, each of them stored for good."""

from __future__ import annotations

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.library.collection import Collection, clip_name
from musicmed_desktop.library.index import StoredClip
from musicmed_desktop.library.pcm import Pcm, flac_of, hash_of, pcm_of
from musicmed_desktop.session.record import Change, StepRecord


class ClipWriter:
    """Stores clips of the session `id`, which the index has as recording, behind the `count` that it has already.

    The file of a clip is on the disk under its name before its row is committed. Raises UserError.
    """

    def __init__(self, collection: Collection, id: str, folder: str, sample_rate: int, count: int = 0) -> None:
        self.count = count
        self._collection, self._id, self._folder, self._rate = collection, id, folder, sample_rate

    def store(self, frames: Frames, step: StepRecord | None, *changes: Change) -> Pcm:
        """With `changes` that hold from here on. Returns the samples as they are stored."""
        pcm = pcm_of(frames)
        self._collection.shelf.write(self._folder, clip_name(self.count), flac_of(pcm, self._rate))
        self._collection.index.store_clip(self._id, StoredClip(self.count, len(pcm), hash_of(pcm), step), *changes)
        self.count += 1
        return pcm
