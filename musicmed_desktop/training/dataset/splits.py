"""The official splits: which tracks to train on, to validate and to test with."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.dataset.index import joined, read_index
from musicmed_desktop.training.dataset.track import Track

PARTS = ("train", "validation", "test")


def read_split(folder: Path, split: int) -> Mapping[str, tuple[Track, ...]]:
    """The tracks of a split's parts, with the genres and instruments that the indexes beside them tell.

    `folder` and `split` are as in `read_dataset`. Raises UserError where the split is missing, incomplete or empty,
    and where two of its parts share a track.
    """
    place = _split_folder(folder, split)
    parts = {part: read_index(_index(place, "moodtheme", part)) for part in PARTS}
    for part, tracks in parts.items():
        if not tracks:
            raise UserError(
                f"The {part} part of the split is empty: {_index(place, 'moodtheme', part)}.",
                "Download the dataset's split files anew.",
            )
    _check_apart(parts)
    others = [read_index(path) for kind in ("genre", "instrument") for path in _others(folder, place, kind)]
    return {part: joined(tracks, *others) for part, tracks in parts.items()}


def _index(place: Path, kind: str, part: str) -> Path:
    return place / f"autotagging_{kind}-{part}.tsv"


def _split_folder(folder: Path, split: int) -> Path:
    name = f"split-{split}"
    for place in (folder / "data" / "splits" / name, folder / "splits" / name, folder / name, folder):
        if _is_there(_index(place, "moodtheme", "train")):
            return place
    raise UserError(
        f"Split {split} of MTG-Jamendo is not in {folder}.",
        f"Choose a folder with data/splits/{name}/autotagging_moodtheme-train.tsv: a copy of "
        "https://github.com/MTG/mtg-jamendo-dataset. Its splits are 0 to 4.",
    )


def _others(folder: Path, place: Path, kind: str) -> list[Path]:
    """The split's own indexes of genres or instruments, else the whole one; none where there is none."""
    own = [path for part in PARTS if _is_there(path := _index(place, kind, part))]
    whole = (root / f"autotagging_{kind}.tsv" for root in (folder / "data", folder))
    return own or [path for path in whole if _is_there(path)][:1]


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise unreadable(path, error) from error


def _check_apart(parts: Mapping[str, tuple[Track, ...]]) -> None:
    """What was learnt must not be what is measured."""
    for one, other in combinations(PARTS, 2):
        shared = {track.id for track in parts[one]} & {track.id for track in parts[other]}
        if shared:
            raise UserError(
                f"The {one} and the {other} part of the split both have {min(shared)}.",
                "Download the dataset's split files anew.",
                f"{len(shared)} tracks in both",
            )
