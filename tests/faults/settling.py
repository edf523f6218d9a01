"""What a power cut could take: what was written or named, but not settled, when the child announced something."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.faults.refusing import Call
from tests.faults.zygote import Ended

# What nobody needs after a power cut: shared memory, a journal whose transaction had not ended, files that are not
# at their place yet, and the mark of a recording that runs.
_PASSING = ("-shm", "-journal", ".part", "/recording")
_PROMISES = {"clip", "kept", "title", "note", "deleted"}


class Disk:
    """Follows the calls from a state in which the paths `existing` were settled."""

    def __init__(self, existing: Iterable[str]) -> None:
        self._known = set(existing)
        self._written: set[str] = set()
        self._named: set[str] = set()

    def unsettled(self) -> set[str]:
        return {path for path in self._written | self._named if not path.endswith(_PASSING)}

    def follow(self, call: Call) -> None:
        if call.refused:
            return
        if call.name in ("fsync", "fdatasync"):
            self._written.discard(call.path)
            self._named = {path for path in self._named if posixpath.dirname(path) != (call.path or "/")}
        elif call.name in ("unlink", "rmdir"):
            self._forget(call.path)
        elif call.name in ("open", "mkdir"):
            if call.path not in self._known:
                self._name(call.path)
        elif call.name in ("rename", "link"):
            if call.source in self._written:
                self._written.add(call.path)
            self._forget(call.source)
            self._name(call.path)
        else:
            self._written.add(call.path)

    def _name(self, path: str) -> None:
        self._known.add(path)
        self._named.add(path)

    def _forget(self, path: str) -> None:
        for paths in (self._known, self._written, self._named):
            paths.discard(path)


def unsafe_words(ended: Ended, calls: Iterable[Call], existing: Iterable[str]) -> Iterator[str]:
    """The promises that a power cut could have broken; `calls` are the child's, `existing` the paths before it."""
    disk, words = Disk(existing), iter(ended.said)
    for call in calls:
        if not call.is_word:
            disk.follow(call)
            continue
        word = next(words)
        if _PROMISES.intersection(word) and disk.unsettled():
            yield f"{word} was announced before {sorted(disk.unsettled())} were settled"


def paths_in(library: Path) -> list[str]:
    """As calls name them."""
    return ["", *(f"/{path.relative_to(library).as_posix()}" for path in library.rglob("*"))]
