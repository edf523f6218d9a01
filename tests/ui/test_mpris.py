"""Over a real session bus, which the test starts for itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.media_keys import MediaKeys
from musicmed_desktop.ui.mpris import NAME, Mpris

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="needs a D-Bus of Linux"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@pytest.fixture
def mpris(qtbot: QtBot, address: str) -> Iterator[Mpris]:
    mpris = Mpris(QDBusConnection.connectToBus(address, "player"))
    yield mpris
    mpris.set_status("Stopped")
    QDBusConnection.disconnectFromBus("player")


@pytest.fixture
def desktop(address: str) -> Iterator[QDBusConnection]:
    """Another program on the same bus."""
    yield QDBusConnection.connectToBus(address, "desktop")
    QDBusConnection.disconnectFromBus("desktop")


def call(interface: str, method: str, *arguments: str) -> QDBusMessage:
    message = QDBusMessage.createMethodCall(NAME, "/org/mpris/MediaPlayer2", interface, method)
    message.setArguments(list(arguments))
    return message


def test_keys_come_over_the_bus_while_something_plays(qtbot: QtBot, mpris: Mpris, desktop: QDBusConnection) -> None:
    told: list[str] = []
    mpris.play.connect(lambda: told.append("play"))
    mpris.pause.connect(lambda: told.append("pause"))
    mpris.play_pause.connect(lambda: told.append("play_pause"))
    mpris.stop.connect(lambda: told.append("stop"))
    registered = desktop.interface().isServiceRegistered
    assert not registered(NAME).value()
    mpris.set_status("Playing")
    assert registered(NAME).value()
    for method in ("Play", "Pause", "PlayPause", "Stop"):
        desktop.send(call("org.mpris.MediaPlayer2.Player", method))
    qtbot.waitUntil(lambda: told == ["play", "pause", "play_pause", "stop"])
    mpris.set_status("Paused")
    assert registered(NAME).value()
    mpris.set_status("Stopped")
    assert not registered(NAME).value()


def test_it_tells_whether_it_plays_and_never_what(qtbot: QtBot, mpris: Mpris, desktop: QDBusConnection) -> None:
    mpris.set_status("Playing")
    mpris.set_status("Paused")

    def asked(name: str) -> QDBusMessage:
        answer = desktop.asyncCall(
            call("org.freedesktop.DBus.Properties", "Get", "org.mpris.MediaPlayer2.Player", name)
        )
        qtbot.waitUntil(answer.isFinished)
        return answer.reply()

    assert asked("PlaybackStatus").arguments()[0].variant() == "Paused"
    assert asked("CanPause").arguments()[0].variant() is True
    assert asked("Metadata").type() == QDBusMessage.MessageType.ErrorMessage


def test_the_media_keys_pass_on_what_the_desktop_says(
    qtbot: QtBot, address: str, desktop: QDBusConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = QDBusConnection.connectToBus(address, "player")
    monkeypatch.setattr("musicmed_desktop.ui.mpris.session_bus", lambda: player)
    window = QWidget()
    qtbot.addWidget(window)
    keys, told = MediaKeys(window), []
    keys.play.connect(lambda: told.append("play"))
    keys.pause.connect(lambda: told.append("pause"))
    keys.play_pause.connect(lambda: told.append("play_pause"))
    keys.stop.connect(lambda: told.append("stop"))
    keys.set_status("Playing")
    for method in ("Pause", "Play", "PlayPause", "Stop"):
        desktop.send(call("org.mpris.MediaPlayer2.Player", method))
    qtbot.waitUntil(lambda: told == ["pause", "play", "play_pause", "stop"])
    keys.set_status("Stopped")
    QDBusConnection.disconnectFromBus("player")
