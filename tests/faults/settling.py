"""What a power cut could take: what was written or named, but not settled, when the child announced something."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from tests.faults.refusing import Call

# What nobody needs after a power cut: shared memory, a journal whose transaction had not ended, files that are not
# at their place yet, and the mark of a recording that runs.
_PASSING = ("-shm", "-journal", ".part", "/recording")


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


def lost_by_power_cuts(calls: Iterable[Call], existing: Iterable[str] = ()) -> Iterator[tuple[int, set[str]]]:
    """The announcements, counted from 0, that were not safe from a power cut, with what was still on its way."""
    disk, word = Disk(existing), 0
    for call in calls:
        if not call.is_word:
            disk.follow(call)
            continue
        if unsettled := disk.unsettled():
            yield word, unsettled
        word += 1
