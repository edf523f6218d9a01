"""What can still be read of a damaged index, row by row, into a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from musicmed_desktop.library.carrying import BELONGING, Carried, Values, put
from musicmed_desktop.library.database import Connection, DamagedIndexError, Database
from musicmed_desktop.library.rows import COLUMNS, entry_of
from musicmed_desktop.library.schema import migrate, refuse_newer
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord

_BEYOND = 1000  # rows are looked for behind the last one that was found


_SHORT = ", ".join(("id", "folder", "state", *(name for name in COLUMNS if name != "note")))
WHOLE = "SELECT rowid AS row, * FROM sessions"
SHORTENED = f"SELECT rowid AS row, {_SHORT}, '' AS note, NULL AS draft FROM sessions"  # long notes have their own pages


def salvage(source: Path, key: bytes | None, into: Database, is_there: Callable[[str], bool], rows: str) -> int:
    """Put the sessions of `source` whose folder `is_there`, and which `into` has not, into it; returns how many.

    `rows` is WHOLE, or SHORTENED for those of which only that can be read; without a draft they were kept.
    `source` is a working copy, which this may change. Raises UserError where a newer version of the program wrote it,
    or where `into` cannot be written.
    """
    database = Database(source, key, refuse_newer)
    with suppress(DamagedIndexError):
        migrate(database)
    with into.connected() as connection:
        known = {value for row in connection.execute("SELECT id, folder FROM sessions") for value in row}
    found: list[Carried] = []
    with suppress(DamagedIndexError), database.connected() as connection:
        for session in _sessions(connection, rows):
            values = session.session
            if is_there(session.folder) and not known & {values["id"], values["folder"]}:
                found.append(session)
    return _put(into, found)


def _put(into: Database, sessions: list[Carried]) -> int:
    """All at once, or one by one where a table refuses what is in one of them."""
    from sqlcipher3.dbapi2 import IntegrityError

    try:
        put(into, sessions)
    except IntegrityError:
        taken = 0
        for session in sessions:
            with suppress(IntegrityError):
                put(into, [session])
                taken += 1
        return taken
    return len(sessions)


def _sessions(connection: Connection, query: str) -> Iterator[Carried]:
    rows = {row.pop("row"): row for row in _from_both_ends(connection, query, "rowid")}
    last = max(rows, default=0) + _BEYOND
    for number in (number for number in range(1, last) if number not in rows):
        for row in _until_damage(connection, f"{query} WHERE rowid = ?", number):  # behind a damaged page
            rows[row.pop("row")] = row
    for values in rows.values():
        if _is_sound(values):
            yield Carried(values, {table: tuple(_belonging(connection, table, values["id"])) for table in BELONGING})


def _belonging(connection: Connection, table: str, id: str) -> Iterator[Values]:
    order = "name" if table == "files" else "number"
    for row in _from_both_ends(connection, f"SELECT * FROM {table} WHERE session = '{id}'", order):
        if row.get("step") is not None and not _parses(StepRecord.model_validate_json, row["step"]):
            row["step"] = None
        if table != "changes" or _parses(Change.model_validate_json, row["change"]):
            yield row


def _from_both_ends(connection: Connection, query: str, order: str) -> Iterator[Values]:
    """All rows; where a part is damaged, those before and those behind it."""
    seen = set()
    for direction in ("ASC", "DESC"):
        for row in _until_damage(connection, f"{query} ORDER BY {order} {direction}"):
            place = (row.get("row"), row.get(order))
            if place not in seen:
                seen.add(place)
                yield row


def _until_damage(connection: Connection, query: str, *values: object) -> Iterator[Values]:
    from sqlcipher3.dbapi2 import DatabaseError

    with suppress(DatabaseError, UnicodeDecodeError):
        for row in connection.execute(query, values):
            yield dict(zip(row.keys(), row, strict=True))


def _is_sound(values: Values) -> bool:
    """Whether an entry can be made of the row, and a session go on that is recording."""
    is_kept = values.get("state") == "kept"
    draft = values.get("draft")
    return _parses(entry_of, [values.get(name) for name in ("id", *COLUMNS)]) and (
        is_kept or _parses(SessionRecord.model_validate_json, draft)
    )


def _parses(parse: Callable[[Any], object], content: Any) -> bool:
    try:
        parse(content)
    except (ValueError, TypeError, AttributeError):  # of a page that holds anything
        return False
    return True
