"""Whether a FLAC file from anywhere is the sound that a record tells of."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from musicmed_desktop.audio.files import SUBTYPES
from musicmed_desktop.library.exchange.parcel import LENGTH_SLACK_S
from musicmed_desktop.session.record import Audio

if TYPE_CHECKING:
    from soundfile import SoundFile

_BLOCK = 1 << 16  # frames


def check_sound(flac: bytes, audio: Audio) -> None:
    """Decode it all, in blocks; raises ValueError where it is not FLAC, damaged, or not as `audio` says."""
    from soundfile import LibsndfileError, SoundFile

    if not flac.startswith(b"fLaC"):
        raise ValueError("the sound is not FLAC")
    try:
        with SoundFile(BytesIO(flac)) as sound:
            _check_kind(sound, audio)
            decoded = _decoded(sound)
    except LibsndfileError as error:
        raise ValueError(f"the sound cannot be decoded: {error.error_string}") from error
    if decoded != sound.frames:
        raise ValueError(f"the sound ends after {decoded} of {sound.frames} frames")


def _check_kind(sound: SoundFile, audio: Audio) -> None:
    kind = (sound.format, sound.subtype, sound.samplerate, sound.channels)
    if kind != ("FLAC", SUBTYPES["flac"], audio.sample_rate, audio.channels):
        raise ValueError(f"the sound is {kind}")
    if abs(sound.frames / audio.sample_rate - audio.duration_s) > LENGTH_SLACK_S:
        raise ValueError(f"the sound has {sound.frames} frames, the record {audio.duration_s} s")


def _decoded(sound: SoundFile) -> int:
    """How many frames really come."""
    import numpy as np

    block = np.empty((_BLOCK, sound.channels), np.int16)
    frames = 0
    while count := len(sound.read(out=block)):
        frames += count
    return frames
