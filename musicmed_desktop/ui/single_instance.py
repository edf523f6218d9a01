"""One window for each library: a second start brings the first one's window to the front."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1000


class SingleInstance(QObject):
    """`first` tells whether this process is the one; `asked_to_show` when another one was started meanwhile.

    `asked_to_open` follows, with a Path, where that one was started with a file.
    """

    asked_to_show = Signal()
    asked_to_open = Signal(object)  # Path

    def __init__(self, folder: Path) -> None:
        super().__init__()
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._name = "musicmed-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)  # a session lasts; only a dead process makes the lock stale
        self.first = self._lock.tryLock(0) or (self._unlockable and not self.call_first())
        if self.first:
            self._listen()

    def call_first(self, file: Path | None = None) -> bool:
        """Ask the other process to show its window, and to open `file`; whether it heard."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        heard = socket.waitForConnected(_WAIT_MS)
        if heard and file is not None:
            socket.write(os.fsencode(file.absolute()))
            heard = socket.waitForBytesWritten(_WAIT_MS)
        socket.disconnectFromServer()
        return heard

    def close(self) -> None:
        if self.first:
            self._server.close()
            self._lock.unlock()

    @property
    def _unlockable(self) -> bool:
        """On a disk that cannot be written no lock tells of the other process: whether it answers does."""
        return self._lock.error() != QLockFile.LockError.LockFailedError

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)  # what a killed process left
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)
        self._server.listen(self._name)

    def _called(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(partial(self._told, socket))
            self.asked_to_show.emit()
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:  # it has gone already
                self._told(socket)

    def _told(self, socket: QLocalSocket) -> None:
        """All was said; the other program ended the line."""
        told = bytes(socket.readAll().data())
        if told:
            self.asked_to_open.emit(Path(os.fsdecode(told)))
        socket.deleteLater()
