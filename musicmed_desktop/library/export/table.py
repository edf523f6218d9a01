"""All sessions as a table for spreadsheets and statistics programs: CSV as in RFC 4180, one row each.

Fields are separated by commas, numbers have a point, times are ISO 8601 with their zone, truths are TRUE and FALSE;
what was not said is empty. Columns are only ever added, at the end. What the listener wrote is in the table.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.entry import Entry, feeling_word
from musicmed_desktop.library.export.whole import whole_text

Cell = str | int | float | bool | datetime | None

# A spreadsheet takes text that begins so for a formula (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10).
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001


def _valence(felt: Affect | None) -> float | None:
    return None if felt is None else round(felt.valence, 4)


def _arousal(felt: Affect | None) -> float | None:
    return None if felt is None else round(felt.arousal, 4)


COLUMNS: dict[str, Callable[[Entry], Cell]] = {
    "id": lambda entry: entry.id,
    "started": lambda entry: entry.started,
    "title": lambda entry: entry.title,
    "seconds": lambda entry: round(entry.seconds, 1),
    "before": lambda entry: entry.start_word,
    "before_valence": lambda entry: _valence(entry.before),
    "before_arousal": lambda entry: _arousal(entry.before),
    "wished": lambda entry: entry.target_word,
    "wished_valence": lambda entry: _valence(entry.wished),
    "wished_arousal": lambda entry: _arousal(entry.wished),
    "after": lambda entry: None if entry.after is None else feeling_word(entry.after),
    "after_valence": lambda entry: _valence(entry.after),
    "after_arousal": lambda entry: _arousal(entry.after),
    "change_valence": lambda entry: None if entry.change is None else entry.change.valence,
    "change_arousal": lambda entry: None if entry.change is None else entry.change.arousal,
    "note": lambda entry: entry.note,
    "favourite": lambda entry: entry.favourite,
    "shortened": lambda entry: entry.shortened,
    "worse_at_s": lambda entry: "; ".join(f"{second:g}" for second in entry.worse_at_s),
    "engine": lambda entry: entry.engine,
    "maker": lambda entry: entry.maker,
    "sound_device": lambda entry: entry.sound_device,
    "underruns": lambda entry: entry.underruns,
    "deleted": lambda entry: entry.deleted,
}


def write_csv(entries: Iterable[Entry], target: Path) -> None:
    """Write the table to the file `target`, whole or not at all. Raises UserError.

    UTF-8 with a byte order mark: without it Excel shows the letters of the system's old code page.
    """
    with whole_text(target, "utf-8-sig") as file:
        dump_csv(entries, file)


def dump_csv(entries: Iterable[Entry], out: TextIO) -> None:
    """Write the table to `out`, with a head line; lines end with LF, which spreadsheets take as well as CRLF."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in entries:
        table.writerow([_written(cell(entry)) for cell in COLUMNS.values()])


def _written(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return _text(cell) if isinstance(cell, str) else cell


def _text(words: str) -> str:
    """With an apostrophe before it where it looks like a formula, and lines that end as spreadsheets end them."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")  # Python 3.11's csv leaves a lone CR unquoted
    return f"'{lines}" if lines.startswith(_FORMULA) else lines
