"""The clips of a session that was interrupted become one sound."""

from __future__ import annotations

from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.shelf import StoredFile
from musicmed_desktop.library.sound import JoinedSound, SoundMeter
from musicmed_desktop.session.record import Audio


def join(collection: Collection, id: str, sample_rate: int, channels: int) -> tuple[StoredFile, Audio]:
    """The joined file of all clips that are stored, and what a record tells of it. Takes seconds; UserError."""
    meter = SoundMeter(sample_rate, channels)
    joined = JoinedSound(collection.shelf, collection.index.folder(id), sample_rate, channels)
    try:
        for pcm in collection.clips(id):
            joined.append(pcm)
            meter.add(pcm)
        return joined.finish(), meter.audio()
    finally:
        joined.discard()
