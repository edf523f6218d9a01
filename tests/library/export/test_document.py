from __future__ import annotations

import io
import json
import tracemalloc
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.export.document import dump_json, write_json
from musicmed_desktop.session.record import SessionRecord


def test_every_field_and_the_course_are_in_it(entry: Entry, record: SessionRecord, tmp_path: Path) -> None:
    other = entry.changed(id="f" * 32, after=None, note="half \ud83d")
    write_json([entry, other], tmp_path / "a.json", {entry.id: record}.get)
    document = json.loads((tmp_path / "a.json").read_bytes())
    assert (document["format"], document["schema_version"]) == ("musicmed-desktop sessions", 1)
    first, second = document["sessions"]
    assert list(first) == [*(field.name for field in fields(Entry)), "record"]
    assert (first["title"], first["after"]) == ("Für Anna 🎧", {"valence": 0.5, "arousal": -0.25})
    assert datetime.fromisoformat(first["started"]) == entry.started
    assert first["worse_at_s"] == [61.5, 120.0]
    assert SessionRecord.model_validate(first["record"]) == record
    assert (second["after"], second["record"], second["note"]) == (None, None, other.note)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_any_number_of_sessions_is_a_document(entry: Entry, number: int) -> None:
    out = io.StringIO()
    dump_json([entry] * number, out)
    assert out.getvalue().isascii()
    assert len(json.loads(out.getvalue())["sessions"]) == number


def test_a_record_that_cannot_be_read_leaves_what_was_there(entry: Entry, tmp_path: Path) -> None:
    def damaged(_id: str) -> SessionRecord:
        raise UserError("The course of this session cannot be read.")

    (tmp_path / "a.json").write_bytes(b"old")
    with pytest.raises(UserError, match="cannot be read"):
        write_json([entry], tmp_path / "a.json", damaged)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.json": b"old"}


def test_no_more_than_a_session_is_in_memory(entry: Entry, record: SessionRecord) -> None:
    """The text of 1,000 sessions with their records, some megabytes, passes through a few hundred kilobytes."""

    class Count(io.TextIOBase):
        written = 0

        def write(self, text: str) -> int:
            self.written += len(text)
            return len(text)

    out: Any = Count()
    dump_json([entry], out, lambda _: record)  # what is made once
    tracemalloc.start()
    try:
        dump_json((entry for _ in range(1000)), out, lambda _: record)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert out.written > 3_000_000
    assert peak < 500_000
