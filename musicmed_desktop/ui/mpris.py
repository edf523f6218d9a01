"""Media keys on Linux desktops, which hand them to programs over D-Bus (MPRIS 2.2, specifications.freedesktop.org)."""

from __future__ import annotations

import os
from typing import Literal

from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage

Status = Literal["Playing", "Paused", "Stopped"]

NAME = "org.mpris.MediaPlayer2.musicmed"
_PATH = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"


class Mpris(QObject):
    """On the bus while something plays or is paused; other players keep their keys at all other times.

    What plays is not told: the desktop would show it on a locked screen.
    """

    play = Signal()
    pause = Signal()
    play_pause = Signal()
    stop = Signal()

    def __init__(self, bus: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: Status = "Stopped"
        self._bus = bus
        self._faces = _Face(self), _PlayerFace(self)

    def set_status(self, status: Status) -> None:
        before, self.status = self.status, status
        if status == before:
            return
        if status == "Stopped":
            self._bus.unregisterService(NAME)
            self._bus.unregisterObject(_PATH)
            return
        if before == "Stopped":
            self._bus.registerObject(_PATH, self)
            self._bus.registerService(NAME)
        changed = QDBusMessage.createSignal(_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged")
        changed.setArguments([_PLAYER, {"PlaybackStatus": status}, []])
        self._bus.send(changed)


def session_bus() -> QDBusConnection | None:
    """The bus of the desktop, where there is one. Asked without an address, libdbus would start a bus of its own."""
    return QDBusConnection.sessionBus() if "DBUS_SESSION_BUS_ADDRESS" in os.environ else None


@ClassInfo({"D-Bus Interface": "org.mpris.MediaPlayer2"})  # type: ignore[call-arg]
class _Face(QDBusAbstractAdaptor):  # type: ignore[operator]
    """What every player must have; names are MPRIS's from here on."""

    Identity = Property(str, lambda _: "MusicMed", constant=True)
    DesktopEntry = Property(str, lambda _: "musicmed-desktop", constant=True)
    CanQuit = Property(bool, lambda _: False, constant=True)
    CanRaise = Property(bool, lambda _: False, constant=True)
    HasTrackList = Property(bool, lambda _: False, constant=True)

    def __init__(self, parent: Mpris) -> None:
        super().__init__(parent)


@ClassInfo({"D-Bus Interface": _PLAYER})  # type: ignore[call-arg]
class _PlayerFace(QDBusAbstractAdaptor):  # type: ignore[operator]
    CanControl = Property(bool, lambda _: True, constant=True)
    CanPlay = Property(bool, lambda _: True, constant=True)
    CanPause = Property(bool, lambda _: True, constant=True)
    CanSeek = Property(bool, lambda _: False, constant=True)
    CanGoNext = Property(bool, lambda _: False, constant=True)
    CanGoPrevious = Property(bool, lambda _: False, constant=True)
    PlaybackStatus = Property(str, lambda self: self._player.status)

    def __init__(self, parent: Mpris) -> None:
        super().__init__(parent)
        self._player = parent

    @Slot()
    def Play(self) -> None:
        self._player.play.emit()

    @Slot()
    def Pause(self) -> None:
        self._player.pause.emit()

    @Slot()
    def PlayPause(self) -> None:
        self._player.play_pause.emit()

    @Slot()
    def Stop(self) -> None:
        self._player.stop.emit()
