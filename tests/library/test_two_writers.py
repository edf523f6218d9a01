"""Two programs write to one library at the same time; what the window and the terminal may do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from musicmed_desktop.library import Library
from musicmed_desktop.library.verifying import verify
from tests.fakes.killing import ROOT
from tests.fakes.sessions import keep_session

_BEGIN = """
import json, sys, time
from pathlib import Path
from musicmed_desktop.library import Library
from musicmed_desktop.library.receiving import receive, send
from tests.fakes.sessions import keep_session
library, end = Library(Path(sys.argv[1])), time.monotonic() + float(sys.argv[2])
"""
CHANGES = f"""{_BEGIN}
ids, count = sys.argv[3:], 0
while time.monotonic() < end:
    library.change(ids[count % len(ids)], title=f"Title {{count}}")
    library.change(ids[count % len(ids)], note=f"note {{count}}")
    count += 1
print(json.dumps(count))
"""
COMES_AND_GOES = f"""{_BEGIN}
other = Library(Path(sys.argv[3]))
kept, gone = [], []
while time.monotonic() < end:
    recorded, came = keep_session(library), keep_session(other)
    receive(library, send(other, came.id))
    library.delete(recorded.id)
    library.purge(days=0)
    library.change(came.id, favourite=True)
    library.settle()
    kept.append(came.id)
    gone.append(recorded.id)
print(json.dumps([kept, gone]))
"""


def test_writers_wait_and_nothing_is_lost(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    ids = [keep_session(library).id for _ in range(3)]
    programs = [
        (CHANGES, *ids),
        (CHANGES, *ids),
        (COMES_AND_GOES, str(tmp_path / "one")),
        (COMES_AND_GOES, str(tmp_path / "two")),
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(library.folder), "3", *others],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for program, *others in programs
    ]
    said = [program.communicate(timeout=60) for program in running]
    assert [errors for _, errors in said] == [""] * 4
    first, second, *comers = (json.loads(output) for output, _ in said)
    assert min(first, second) > 10
    kept = {id for come, _ in comers for id in come}
    gone = {id for _, go in comers for id in go}
    assert len(kept) == len(gone) > 2
    entries = {entry.id: entry for entry in library.entries()}
    assert entries.keys() == kept | {*ids}
    assert all(entries[id].favourite for id in kept)
    for id in ids:  # the last word of one of the two
        words = {entries[id].title.removeprefix("Title "), entries[id].note.removeprefix("note ")}
        assert {int(word) for word in words} <= {*range(first - 3, first), *range(second - 3, second)}
    assert not library.deleted()
    assert verify(library) == ()
