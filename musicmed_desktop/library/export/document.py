"""All data as one JSON document, for programs: what the listener said and wrote, and the course of each session.

    {"format": "musicmed-desktop sessions", "schema_version": 1, "application": "0.1.0", "sessions": [
    {"id": ..., "title": ..., "started": "2026-05-03T20:15:00+02:00", ..., "record": {...}},
    ...
    ]}

A session holds every field of `library.entry.Entry` under its name, feelings as {"valence": ..., "arousal": ...},
and under `record` its session.json (resources/schemas/session.schema.json), or null where there is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TextIO

from musicmed_desktop import __version__
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.export.whole import whole_text
from musicmed_desktop.session.record import SessionRecord

FORMAT = "musicmed-desktop sessions"
SCHEMA_VERSION = 1

Records = Callable[[str], SessionRecord | None]  # by a session's id


def _no_record(_id: str) -> None:
    return None


def write_json(entries: Iterable[Entry], target: Path, records: Records = _no_record) -> None:
    """Write the document to the file `target`, whole or not at all. Raises UserError, and what `records` raises."""
    with whole_text(target, "utf-8") as file:
        dump_json(entries, file, records)


def dump_json(entries: Iterable[Entry], out: TextIO, records: Records = _no_record) -> None:
    """Write the document to `out`, a session a line; no more than one session is in memory at a time.

    Letters beyond ASCII are escaped, so that a pipe in whatever encoding keeps them.
    """
    head = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "application": __version__}
    out.write(json.dumps(head).removesuffix("}") + ', "sessions": [')
    for number, entry in enumerate(entries):
        out.write(",\n" if number else "\n")
        out.write(json.dumps(_session(entry, records(entry.id)), default=_plain))
    out.write("\n]}\n")


def _session(entry: Entry, record: SessionRecord | None) -> dict[str, object]:
    return {**asdict(entry), "record": record and record.model_dump(mode="json")}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
