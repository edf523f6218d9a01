"""The dataset's folder: the tracks of a split, with their sound files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.captions import affect_of
from musicmed_desktop.training.dataset.sounds import audio_folders, sound_files
from musicmed_desktop.training.dataset.splits import PARTS, read_split
from musicmed_desktop.training.dataset.track import Excluded, Source, Track


@dataclass(frozen=True)
class Dataset:
    """The tracks of a split that can be used, and those of all its parts that cannot."""

    train: tuple[Source, ...]
    validation: tuple[Source, ...]
    test: tuple[Source, ...]
    excluded: tuple[Excluded, ...]


def read_dataset(folder: Path, audio: Path | None = None, split: int = 0) -> Dataset:
    """The dataset in `folder`: a copy of its repository, the repository's data folder, or a folder of a split's files.

    `audio` is the folder with the sound files, where they lie neither in `folder` nor beside the data folder.
    `split` is 0 to 4; where the folder has the files of one split alone, they are taken. Genres and instruments are
    joined where their indexes are there. No sound file is opened: a broken one is found when it is decoded.
    Raises UserError where there is no such folder, no dataset in it, or nothing to train or to validate with.
    """
    for place in (folder, audio or folder):
        _check_folder(place)
    parts = read_split(folder, split)
    places = audio_folders(folder, audio)
    files = sound_files(places, (track.path for track in chain.from_iterable(parts.values())))
    if not files:
        raise _no_sound(places, parts["train"][0].path)
    found = {part: [_found(track, files) for track in tracks] for part, tracks in parts.items()}
    _check_usable(found)
    sources = {part: tuple(each for each in found[part] if isinstance(each, Source)) for part in PARTS}
    excluded = tuple(each for part in PARTS for each in found[part] if isinstance(each, Excluded))
    return Dataset(**sources, excluded=excluded)


def _check_folder(folder: Path) -> None:
    try:
        is_folder, is_file = folder.is_dir(), folder.is_file()
    except OSError as error:
        raise unreadable(folder, error) from error
    if is_file:
        raise UserError(f"{folder} is a file, not a folder.", "Choose the folder that it lies in.")
    if not is_folder:
        raise UserError(f"There is no folder {folder}.", "Check the name, or choose another one.")


def _found(track: Track, files: Mapping[str, Path]) -> Source | Excluded:
    if affect_of(track.moods) is None:
        return Excluded(track.id, track.path, "none of its moods has a place on the circumplex")
    if track.path not in files:
        return Excluded(track.id, track.path, "its sound file is missing")
    return Source(track, files[track.path])


def _no_sound(places: Sequence[Path], example: str) -> UserError:
    return UserError(
        f"None of the dataset's sound files was found: {example} is not there, and neither is any other.",
        "Download them, or name the folder that they lie in with --audio: the one with the folders 00 to 99.",
        f"Looked in {listed(map(str, places))}.",
    )


def _check_usable(found: Mapping[str, Sequence[Source | Excluded]]) -> None:
    """A training needs something to learn from and something to validate with; it can do without a test."""
    for part in ("train", "validation"):
        why = [f"{each.path}: {each.reason}" for each in found[part] if isinstance(each, Excluded)]
        if len(why) == len(found[part]):
            raise UserError(
                f"Not one of the {len(why)} tracks in the split's {part} part can be used.",
                "Download more of the dataset's sound files, or choose another split.",
                f"{why[0]}.",
            )
