"""Where the window's sound goes: the chosen device, or a silent clock."""

from __future__ import annotations

from typing import Protocol

from musicmed_desktop.audio.output import Output
from musicmed_desktop.ui.preferences import Preferences


class Sound(Protocol):
    """Opens outputs for players."""

    speed: float  # of the clock that plays, 1 for a real device

    def open(self) -> Output:
        """A new output, from any thread; UserError where nothing can play."""
        ...

    def devices(self) -> tuple[str, ...]:
        """The names that can be chosen; looks anew. UserError where PortAudio is missing."""
        ...


class DeviceSound:
    """The device that the settings name, or the system's own choice."""

    speed = 1.0

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def open(self) -> Output:
        from musicmed_desktop.audio.portaudio import open_portaudio

        return open_portaudio(self._preferences.settings.sound_device)

    def devices(self) -> tuple[str, ...]:
        from musicmed_desktop.audio.devices import output_devices

        return output_devices()


class SilentSound:
    """A clock that takes the sound and plays nothing, `speed` times as fast as real time."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def open(self) -> Output:
        from musicmed_desktop.audio.silent import SilentOutput

        return SilentOutput(speed=self.speed)

    def devices(self) -> tuple[str, ...]:
        return ()
