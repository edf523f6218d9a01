"""Music that is there already: its clips, and what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from musicmed_desktop.audio.files import blocks, read_audio
from musicmed_desktop.engines.base import Cancelled, CancelledError, Frames
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.fingerprint import fingerprint
from musicmed_desktop.evaluation.intended import Intended, inside, is_dataset, of_dataset, of_table
from musicmed_desktop.evaluation.names import file_names
from musicmed_desktop.evaluation.values import Item
from musicmed_desktop.recognition.combined import MIN_SECONDS
from musicmed_desktop.training.captions import affect_of

SOUNDS = (".flac", ".wav", ".ogg", ".mp3")


@dataclass(frozen=True)
class Given:
    """The items that lie in a folder, with their files by the items' keys; `left_out` counts tracks of an index that
    are not there, or cannot be used."""

    items: tuple[Item, ...]
    files: Mapping[str, Path]
    left_out: int = 0


class Reading:
    """Clips from files: of longer ones so many `seconds` from the middle, where a piece of music is most itself."""

    def __init__(self, files: Mapping[str, Path], seconds: float) -> None:
        self._files = files
        self._seconds = seconds

    def mark(self, item: Item) -> str:
        return fingerprint(self._files[item.key])

    def sound(self, item: Item, cancelled: Cancelled) -> tuple[Frames, int]:
        if cancelled():
            raise CancelledError
        return middle(self._files[item.key], self._seconds)

    def close(self) -> None:
        """Nothing to give back."""


def middle(file: Path, seconds: float) -> tuple[Frames, int]:
    """At most so many seconds, and their sample rate. Raises UserError where it is not a sound file, or not all of
    what is heard are numbers."""
    samples, rate = read_audio(file)
    length = min(len(samples), round(seconds * rate))
    first = (len(samples) - length) // 2
    heard = samples[first : first + length]
    if not np.isfinite(heard).all():
        raise UserError(f"{file} holds values that are not numbers.", "Write it anew, or leave it out.")
    return heard, rate


def given(folder: Path, table: Path) -> Given:
    """The files that `table` names, in `folder`. Raises UserError where one is missing, damaged, too short or named
    twice, or does not lie there.

    An index of MTG-Jamendo may name more tracks than are there.
    """
    require_folder(folder)
    if is_dataset(table):
        named = of_dataset(table)
        found = [(each, file) for each in named if (file := _file(folder, each.path)) and not _fault(file)]
        if not found:
            raise UserError(f"No track of {table} can be used in {folder}.", "Choose the folder that holds 00 to 99.")
        return _given(found, len(named) - len(found))
    return _given([*_required(folder, of_table(table))])


def sound_files(folder: Path) -> tuple[Path, ...]:
    """All sound files in a folder and the folders in it, by name. Raises UserError where there is none."""
    require_folder(folder)
    found = tuple(sorted(file for file in folder.rglob("*") if file.suffix.lower() in SOUNDS and file.is_file()))
    if not found:
        raise UserError(f"There is no sound file in {folder}.", "FLAC, WAV, OGG and MP3 files can be read.")
    return found


def require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.", "Check its name.")


def check_length(file: Path) -> None:
    """Raises UserError where its mood cannot be told: it is no sound file, damaged at its start, or too short."""
    samples, rate = next(blocks(file, MIN_SECONDS))
    if len(samples) < round(MIN_SECONDS * rate):
        raise UserError(
            f"{file} is too short to tell its mood.", f"Leave it out, or take one of at least {MIN_SECONDS:g} seconds."
        )


def _given(found: Sequence[tuple[Intended, Path]], left_out: int = 0) -> Given:
    keys = file_names(str(Path(intended.path).with_suffix("")) for intended, _ in found)
    items = tuple(_items(keys, [intended for intended, _ in found]))
    return Given(items, dict(zip(keys, (file for _, file in found), strict=True)), left_out)


def _items(keys: Sequence[str], found: Sequence[Intended]) -> Iterator[Item]:
    for key, intended in zip(keys, found, strict=True):
        place = affect_of(intended.prompt.moods)
        if place is None:
            raise RuntimeError(f"{intended.where} has moods without a place")
        yield Item(key, intended.prompt, place, seed=0)


def _file(folder: Path, path: str) -> Path | None:
    """Where the track lies; MTG-Jamendo has a smaller copy of each, 48/948.low.mp3."""
    whole = folder / path
    return next((file for file in (whole, whole.with_suffix(f".low{whole.suffix}")) if _is_there(file)), None)


def _is_there(file: Path) -> bool:
    """Names can be too long to ask for, and folders closed."""
    try:
        return file.is_file()
    except OSError:
        return False


def _fault(file: Path) -> str:
    try:
        check_length(file)
    except UserError as error:
        return error.title
    return ""


def _required(folder: Path, rows: Sequence[Intended]) -> Iterator[tuple[Intended, Path]]:
    """The rows with their files, and with paths that are relative to the folder."""
    files = set[Path]()
    for intended in rows:
        path = inside(folder, intended)
        file = folder / path
        if not _is_there(file):
            raise UserError(f"{intended.where} names {intended.path}, which is not in {folder}.", "Check the name.")
        if file.resolve() in files:
            raise UserError(f"{intended.where} names {intended.path} again.", "Leave one of the lines out.")
        files.add(file.resolve())
        check_length(file)
        yield replace(intended, path=path.as_posix()), file
