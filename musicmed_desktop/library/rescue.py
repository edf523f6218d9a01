"""What a run that was killed in the middle of a session left: its music is saved, as far as it can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from musicmed_desktop.audio.files import AudioWriter
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.disk import unwritable
from musicmed_desktop.library.entry import read_entry
from musicmed_desktop.library.names import free_name
from musicmed_desktop.session.folder import RECORD, SOUNDS
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.staging import PARTIAL, is_left

UNFINISHED = "unfinished"  # folder in the library
_SOUND = SOUNDS["flac"]
_SHORTEST_S = 10.0  # what is shorter is nobody's loss
_BLOCK = 4096  # frames that libFLAC stores together: no more than these are lost at the break


def rescue(sessions: Path, unfinished: Path) -> Iterator[Path]:
    """Clear what killed runs left in `sessions`; yields where each piece of music is now.

    A session that was whole but for its last move is moved; of another one, the sound becomes a file in
    `unfinished`. Raises UserError where the disk refuses; then nothing more is cleared.
    """
    for place in sorted(sessions.glob(f".*{PARTIAL}")):
        name = place.name.removeprefix(".").removesuffix(PARTIAL)
        try:
            if not is_left(place):
                continue
            if _is_whole(place) and not (sessions / name).exists():
                yield place.rename(sessions / name)
                continue
            yield from _save_sound(place, unfinished, name)
            shutil.rmtree(place)
        except OSError as error:
            raise unwritable(sessions / name, error) from error


def _is_whole(place: Path) -> bool:
    """The lock goes first when a session is finished, and the record is the last that is written."""
    try:
        record = SessionRecord.model_validate_json((place / RECORD).read_bytes())
        return (place / record.audio.path).is_file() and read_entry(place) is not None
    except (OSError, ValueError):
        return False


def _save_sound(place: Path, unfinished: Path, name: str) -> Iterator[Path]:
    """One file with what can be decoded of the recording, or nothing where that is too short."""
    for source in (place / _SOUND, place / f"{_SOUND}.part"):
        if not source.is_file() or not _lasts(source, _SHORTEST_S):
            continue
        unfinished.mkdir(exist_ok=True)
        target = unfinished / f"{free_name(name, lambda each: (unfinished / f'{each}.flac').exists())}.flac"
        pieces = _decodable(source)
        samples, sample_rate = next(pieces)
        with AudioWriter(target, sample_rate, samples.shape[1], "flac") as writer:
            writer.write(samples)
            for samples, _ in pieces:
                writer.write(samples)
        yield target


def _lasts(source: Path, seconds: float) -> bool:
    lengths = (len(samples) / sample_rate for samples, sample_rate in _decodable(source))
    return any(total >= seconds for total in accumulate(lengths))


def _decodable(source: Path) -> Iterator[tuple[Frames, int]]:
    """The sound up to the place where the file breaks off, in blocks; nothing where even its start is missing."""
    from soundfile import LibsndfileError, SoundFile

    try:
        with SoundFile(source, "r") as sound:
            while len(samples := sound.read(_BLOCK, dtype="float32", always_2d=True)):
                yield samples, sound.samplerate
    except LibsndfileError:
        return
