from __future__ import annotations

import ctypes.util
import platform
import sys

import pytest

from musicmed_desktop.audio.devices import output_devices
from musicmed_desktop.audio.portaudio import open_portaudio
from musicmed_desktop.errors import UserError
from tests.audio.pulse import PulseServer


def test_the_list_follows_the_server(pulse: PulseServer) -> None:
    assert "default" in output_devices()
    pulse.kill()
    assert output_devices() == ()
    pulse.start()
    assert "default" in output_devices()


def test_the_list_is_kept_while_something_plays(pulse: PulseServer) -> None:
    output = open_portaudio(None)
    output.start(lambda block: block.fill(0.0))
    assert "default" in output_devices()
    assert output.alive
    pulse.kill()
    output.close()
    assert output_devices() == ()


@pytest.mark.skipif(platform.system() != "Linux", reason="elsewhere PortAudio comes with sounddevice")
def test_without_portaudio_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    for attempt in (output_devices, lambda: open_portaudio(None)):
        with pytest.raises(UserError, match="PortAudio") as caught:
            attempt()
        assert "apt install libportaudio2" in caught.value.hint
