from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.export.table import COLUMNS, dump_csv, write_csv
from tests.fakes.killing import small_disk

posix = pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(*entries: Entry) -> list[dict[str, str]]:
    out = io.StringIO()
    dump_csv(entries, out)
    return rows(out.getvalue())


def test_a_session_is_a_row(entry: Entry) -> None:
    assert table(entry.changed(note='two\nlines, and "more"', deleted=datetime(2026, 6, 1, tzinfo=UTC))) == [
        {
            "id": "0123456789abcdef0123456789abcdef",
            "started": "2026-05-03T23:05:09+02:00",
            "title": "Für Anna 🎧",
            "seconds": "120.0",
            "before": "anxious",
            "before_valence": str(entry.before.valence),
            "before_arousal": str(entry.before.arousal),
            "wished": "calm",
            "wished_valence": str(entry.wished.valence),
            "wished_arousal": str(entry.wished.arousal),
            "after": "satisfied",
            "after_valence": "0.5",
            "after_arousal": "-0.25",
            "change_valence": str(round(0.5 - entry.before.valence, 4)),
            "change_arousal": str(round(-0.25 - entry.before.arousal, 4)),
            "note": 'two\nlines, and "more"',
            "favourite": "TRUE",
            "shortened": "FALSE",
            "worse_at_s": "61.5; 120",
            "engine": "tones",
            "maker": "",
            "sound_device": "",
            "underruns": "0",
            "deleted": "2026-06-01T00:00:00+00:00",
        }
    ]


def test_what_was_not_said_is_empty(entry: Entry) -> None:
    (row,) = table(entry.changed(after=None))
    assert {name for name, cell in row.items() if not cell} == {
        *("after", "after_valence", "after_arousal", "change_valence", "change_arousal"),
        *("maker", "sound_device", "deleted"),
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "\0=1", "＝1"])  # noqa: RUF001
def test_text_is_no_formula_and_numbers_are_numbers(entry: Entry, text: str) -> None:
    (row,) = table(entry.changed(title=text, note=text, sound_device=text))
    assert {row["title"], row["note"], row["sound_device"]} == {f"'{text}"}
    assert float(row["before_valence"]) == entry.before.valence < 0


def test_lines_end_alike(entry: Entry) -> None:
    (row,) = table(entry.changed(title="a\r\nb\rc\nd", note="\r=1"))
    assert (row["title"], row["note"]) == ("a\nb\nc\nd", "'\n=1")


def test_a_file_for_spreadsheets(entry: Entry, tmp_path: Path) -> None:
    write_csv([entry, entry.changed(note="half \ud83d")], tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,started,title,")
    first, second = rows(content.decode("utf-8-sig"))
    assert (first["title"], first["note"], second["note"]) == ("Für Anna 🎧", "only mine", "half ?")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_no_sessions_leave_the_head(tmp_path: Path) -> None:
    write_csv([], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == ",".join(COLUMNS) + "\n"


def test_an_interruption_leaves_what_was_there(entry: Entry, tmp_path: Path) -> None:
    def interrupted() -> Iterator[Entry]:
        yield entry
        raise KeyboardInterrupt

    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_csv(interrupted(), tmp_path / "a.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"old"}


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        write_csv([], tmp_path / "none" / "a.csv")
    with pytest.raises(UserError, match="is a folder"):
        write_csv([], tmp_path)


@posix
def test_a_full_disk_is_told_and_keeps_what_was_there(entry: Entry, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick") as disk:
        (disk / "a.csv").write_bytes(b"old")
        with pytest.raises(UserError, match="The disk is full"):
            write_csv([entry] * 1000, disk / "a.csv")
        assert {path.name: path.read_bytes() for path in disk.iterdir()} == {"a.csv": b"old"}
