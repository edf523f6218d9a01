"""Files from elsewhere on their way into the library, one after another."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import SUFFIX
from musicmed_desktop.library.receiving import Received, receive
from musicmed_desktop.ui.pages.sessions.targets import DOCUMENTS
from musicmed_desktop.ui.services import Services


@dataclass
class Arrivals:
    """What came of the files so far. `known` were here already, `completed` too, and got what was missing."""

    new: list[str] = field(default_factory=list)  # ids
    known: int = 0
    completed: int = 0
    locked: list[Path] = field(default_factory=list)  # wait for a passphrase
    refused: list[tuple[Path, UserError]] = field(default_factory=list)
    left: int = 0  # not looked at, for it was stopped

    def add(self, received: Received) -> None:
        if not received.was_there:
            self.new.append(received.entry.id)
        elif received.added:
            self.completed += 1
        else:
            self.known += 1


class Bringing(QObject):
    """Each file is a work of its own, off the window's thread, so that the window answers and it can be stopped.

    Locked files wait until all others are through; `rested` says that nothing goes on: all is done, was stopped, or
    waits for a passphrase.
    """

    progressed = Signal()
    rested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._library, self._tasks = services.library, services.tasks
        self._waiting: deque[Path] = deque()
        self._passphrase: str | None = None
        self.arrivals = Arrivals()
        self.done = self.total = 0  # files of this round
        self.running = False

    def begin(self, paths: Iterable[Path]) -> None:
        """Bring in these files, behind those that are on their way."""
        self._waiting.extend(paths)
        self.total = self.done + self.running + len(self._waiting)
        self._go()

    def unlock(self, passphrase: str) -> None:
        """Try this passphrase for every file that waits for one."""
        self._passphrase = passphrase
        locked, self.arrivals.locked = self.arrivals.locked, []
        self.done = 0
        self.begin(locked)

    def stop(self) -> None:
        """After the file that is being looked at."""
        self.arrivals.left += len(self._waiting)
        self._waiting.clear()

    def forget(self) -> None:
        """What came was told; the next files are counted anew."""
        self.arrivals, self._passphrase = Arrivals(), None
        self.done = self.total = 0

    def _go(self) -> None:
        if not self.running and self._waiting:
            self.running = True
            self._next()

    def _next(self) -> None:
        self.progressed.emit()
        if not self._waiting:
            self.running = False
            self.rested.emit()
            return
        path, passphrase = self._waiting.popleft(), self._passphrase
        self._tasks.run_apart(
            lambda: _brought(self._library, path, passphrase), self._take, lambda error: self._refuse(path, error)
        )

    def _take(self, received: Received) -> None:
        self.arrivals.add(received)
        self._go_on()

    def _refuse(self, path: Path, error: UserError) -> None:
        from musicmed_desktop.library.exchange import PassphraseNeededError
        from musicmed_desktop.library.sealing import WrongPassphraseError

        if isinstance(error, PassphraseNeededError | WrongPassphraseError):
            self.arrivals.locked.append(path)
        else:
            self.arrivals.refused.append((path, error))
        self._go_on()

    def _go_on(self) -> None:
        self.done += 1
        self._next()


def _brought(library: Library, path: Path, passphrase: str | None) -> Received:
    from musicmed_desktop.library.exchange import read_parcel

    try:
        return receive(library, read_parcel(path, passphrase))
    except UserError:
        raise
    except Exception as error:
        # A bug has to surface as one; all the same, the other files go on.
        sys.excepthook(type(error), error, error.__traceback__)
        raise UserError(f"{path.name} led to a fault inside the app.", "Please pass the report on.") from error


def ask_files(parent: QWidget, chosen: Callable[[list[Path]], object]) -> None:
    """Let the listener choose one file or many."""
    dialog = QFileDialog(parent, "Bring in sessions")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(f"Sessions of MusicMed (*{SUFFIX})")
    dialog.setDirectory(QStandardPaths.writableLocation(DOCUMENTS))
    dialog.filesSelected.connect(lambda files: chosen([Path(file) for file in files]))
    dialog.open()
