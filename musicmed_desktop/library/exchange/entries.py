"""entry.json: what the listener knows of a session, as it travels. Being in the trash does not travel."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timezone
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.exchange.documents import Document, explained, parsed, read_document
from musicmed_desktop.library.exchange.parcel import LONGEST_S
from musicmed_desktop.library.rows import writable

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _writable(text: Any) -> Any:
    return writable(text) if isinstance(text, str) else text


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _in_our_time(moment: datetime) -> datetime:
    """With a fixed offset of the standard library's, whatever read it."""
    if not _FIRST <= moment < _LAST:
        raise ValueError("not a time at which a session can have been")
    return moment.astimezone(timezone(moment.utcoffset() or UTC.utcoffset(None)))


Line = Annotated[str, Field(max_length=500), BeforeValidator(_writable), AfterValidator(_one_line)]
Note = Annotated[str, Field(max_length=100_000), BeforeValidator(_writable)]
Coordinate = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Moment = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]


class _Point(Document):
    valence: Coordinate
    arousal: Coordinate


class EntryDocument(Document):
    """Every field must be there, so that none is forgotten."""

    schema_version: Literal[1]
    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    title: Line
    started: Annotated[AwareDatetime, AfterValidator(_in_our_time)]
    seconds: Moment
    start_word: Line
    target_word: Line
    before: _Point
    wished: _Point
    engine: Line
    shortened: bool
    after: _Point | None
    note: Note
    favourite: bool
    maker: Line
    worse_at_s: tuple[Moment, ...] = Field(max_length=1_000)
    underruns: int = Field(ge=0, lt=2**31)
    sound_device: Line


def entry_bytes(entry: Entry) -> bytes:
    """Raises ValueError where no other library would take the entry."""
    values = asdict(entry)
    del values["deleted"]
    with explained():
        return EntryDocument(schema_version=1, **values).model_dump_json(indent=2).encode()


def entry_from(content: bytes) -> Entry:
    """Raises ValueError; UserError where a newer version wrote it."""
    document = parsed(EntryDocument, read_document(content))
    values = {name: getattr(document, name) for name in type(document).model_fields if name != "schema_version"}
    feelings = {name: _affect(values[name]) for name in ("before", "wished", "after")}
    return Entry(**values | feelings)


def _affect(point: _Point | None) -> Affect | None:
    return None if point is None else Affect(point.valence, point.arousal)
