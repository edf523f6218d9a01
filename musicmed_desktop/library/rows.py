"""An entry as a row of the index, and back."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.database import Row
from musicmed_desktop.library.entry import Entry

MANY = 20_000  # sessions; what is known of so many is kept in memory
_POINTS = ("before", "wished", "after")
COLUMNS = (
    *("at", "started", "seconds", "title", "start_word", "target_word"),
    *(f"{point}_{axis}" for point in _POINTS for axis in ("valence", "arousal")),
    *("note", "favourite", "engine", "maker", "shortened", "worse_at_s", "underruns", "sound_device", "deleted"),
)
SELECTED = ", ".join(("id", *COLUMNS))


def values_of(entry: Entry) -> dict[str, Any]:
    """The columns of an entry; its id is not among them."""
    return {name: value for field in vars(entry) if field != "id" for name, value in cells(field, entry)}


def cells(field: str, entry: Entry) -> list[tuple[str, Any]]:
    """The columns that hold one field of an entry."""
    value = getattr(entry, field)
    if field in _POINTS:
        return [(f"{field}_valence", value and value.valence), (f"{field}_arousal", value and value.arousal)]
    if field == "started":
        return [("at", value.timestamp()), ("started", value.isoformat())]
    if field == "deleted":
        return [("deleted", value and value.isoformat())]
    if field == "worse_at_s":
        return [("worse_at_s", json.dumps(value))]
    if isinstance(value, str):
        return [(field, writable(value))]
    return [(field, int(value) if isinstance(value, bool) else value)]


def entry_of(row: Row) -> Entry:
    """The entry in a row of SELECTED; ValueError where it is none."""
    return _entry_of(tuple(row))


@lru_cache(maxsize=MANY)  # a list is read again after each change of one of its entries
def _entry_of(row: tuple[Any, ...]) -> Entry:
    (id, _, started, seconds, title, start_word, target_word, bv, ba, wv, wa, av, aa, *rest) = row
    note, favourite, engine, maker, shortened, worse, underruns, device, deleted = rest
    return Entry(
        id=id,
        title=title,
        started=datetime.fromisoformat(started),
        seconds=seconds,
        start_word=start_word,
        target_word=target_word,
        before=Affect(bv, ba),
        wished=Affect(wv, wa),
        engine=engine,
        shortened=bool(shortened),
        after=None if av is None else Affect(av, aa),
        note=note,
        favourite=bool(favourite),
        maker=maker,
        worse_at_s=() if worse == "[]" else tuple(json.loads(worse)),
        underruns=underruns,
        sound_device=device,
        deleted=datetime.fromisoformat(deleted) if deleted else None,
    )


def writable(text: str) -> str:
    """Halves of a pair of UTF-16 units, as a window may hand them over, cannot be written as UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
