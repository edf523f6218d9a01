"""The folder of reports: crash-TIME.txt for exceptions, fault-TIME.txt for what kills the interpreter itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO

from musicmed_desktop.crash.describe import cleaned_fault, heading

_CRASH, _FAULT, _SHOWN = "crash", "fault", ".shown.txt"
_KEPT = 20  # reports; older ones go


def previous_crash(folder: Path) -> str | None:
    """The newest report that was not shown yet; None where there is none, or where it cannot be read."""
    left = _unshown(folder)
    if not left:
        return None
    try:
        text = left[-1].read_text(encoding="utf-8", errors="replace")
        when = datetime.fromtimestamp(left[-1].stat().st_mtime, UTC)
    except OSError:
        return None
    return f"{heading(when)}\n\n{cleaned_fault(text)}\n" if left[-1].name.startswith(_FAULT) else text


def mark_shown(folder: Path) -> None:
    """The reports so far were shown, and are not shown again; the files stay for a while."""
    for path in _unshown(folder):
        with suppress(OSError):
            path.rename(path.with_suffix(_SHOWN))


def save(folder: Path, text: str) -> None:
    """Keep a report; raises OSError."""
    with _new_file(folder, _CRASH) as file:
        file.write(text)


def new_fault_file(folder: Path) -> IO[str]:
    """The file that faulthandler writes to; as long as it is empty it is no report."""
    return _new_file(folder, _FAULT)


def tidy(folder: Path) -> None:
    """Remove the fault files of runs without fault, and reports beyond the newest ones."""
    reports = _by_age([*folder.glob(f"{_CRASH}-*.txt"), *folder.glob(f"{_FAULT}-*.txt")])
    empty = [path for path in reports if not path.stat().st_size]
    old = [path for path in reports if path not in empty][:-_KEPT]
    for path in (*empty, *old):
        with suppress(OSError):
            path.unlink()


def _unshown(folder: Path) -> list[Path]:
    found = [*folder.glob(f"{_CRASH}-*.txt"), *folder.glob(f"{_FAULT}-*.txt")]
    return _by_age([path for path in found if not path.name.endswith(_SHOWN) and path.stat().st_size])


def _by_age(paths: list[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _new_file(folder: Path, kind: str) -> IO[str]:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
    for number in count(1):
        with suppress(FileExistsError):
            name = f"{kind}-{now}.txt" if number == 1 else f"{kind}-{now}-{number}.txt"
            return (folder / name).open("x", encoding="utf-8")
    raise AssertionError("numbers do not end")
