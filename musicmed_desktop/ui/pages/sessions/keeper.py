"""What is done with kept sessions: the list shows it at once, the library does it in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, filtered
from musicmed_desktop.ui.pages.sessions.model import FoundSessions
from musicmed_desktop.ui.services import Services

_ANY = "a"  # the library keeps what it searched in: the listener's first search is as quick as the next


class Keeper(QObject):
    """Each change is followed by a look into the library, so that the list ends as the library is."""

    loaded = Signal()
    prepared = Signal()  # the list is shown and can be searched, and the background is free for other things
    unreadable = Signal(object)  # UserError: there is no list
    refused = Signal(object)  # UserError: a change was not made
    restored = Signal(str)  # id
    notice = Signal(str, object)  # words, and what undoes it or None

    def __init__(self, services: Services, model: FoundSessions) -> None:
        super().__init__()
        self._library, self._tasks = services.library, services.tasks
        self._model = model
        self._looks = 0

    def load(self) -> None:
        """Look into the library. What an earlier look finds is stale, and not shown."""
        self._looks += 1
        look = self._looks

        def show(entries: tuple[Entry, ...]) -> None:
            if look == self._looks:
                self._model.show_all(entries)
                self.loaded.emit()
                self._tasks.run(lambda: filtered(entries, _ANY), lambda _: self.prepared.emit())

        self._tasks.run(self._look, show, self.unreadable.emit)

    def _look(self) -> tuple[Entry, ...]:
        """What is there. An entry that did not change is the very one that is shown, which is quick to see."""
        known = {entry.id: entry for entry in self._model.all}
        found = self._library.entries()
        return tuple(known[entry.id] if entry == known.get(entry.id) else entry for entry in found)

    def rename(self, entry: Entry, title: str) -> None:
        self._change(entry, title=title)

    def favour(self, entry: Entry) -> None:
        """Make it a favourite, or one no more."""
        self._change(entry, favourite=not entry.favourite)

    def delete(self, entry: Entry) -> None:
        """At once; the notice lets it be undone."""
        self._looks += 1
        self._model.take(entry.id)

        def deleted(_: None) -> None:
            self.load()
            self.notice.emit(f"“{entry.title}” was deleted.", lambda: self._restore(entry.id))

        self._tasks.run(lambda: self._library.delete(entry.id), deleted, self._refuse)

    def _change(self, entry: Entry, **values: object) -> None:
        self._looks += 1
        self._model.put(entry.changed(**values))
        self._tasks.run(lambda: self._library.change(entry.id, **values), lambda _: self.load(), self._refuse)

    def _restore(self, id: str) -> None:
        def restored(_: None) -> None:
            self.restored.emit(id)
            self.load()

        self._tasks.run(lambda: self._library.restore(id), restored, self._refuse)

    def _refuse(self, error: UserError) -> None:
        self.refused.emit(error)
        self.load()
