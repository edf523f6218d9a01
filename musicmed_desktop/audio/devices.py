"""The devices that can play, as PortAudio knows them."""

from __future__ import annotations

import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from musicmed_desktop.errors import UserError

_ANSWER_S = 5.0  # for the sound system, before it counts as hung
# ALSA's converters and mixers: they lie in front of a device and are none
_NO_DEVICES = {"lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix", "a52", "oss", "dmix", "null"}

_INSTALL = {
    "Linux": "Install it, then try again. Debian, Ubuntu: sudo apt install libportaudio2 libasound2-plugins. "
    "Fedora: sudo dnf install portaudio pipewire-alsa. Arch: sudo pacman -S portaudio pipewire-alsa.",
}
_INSTALL_OTHERWISE = "Install MusicMed Desktop again, then try again."
_NO_START = "The computer's sound could not be started."
_PLUG_IN = "Plug in headphones or loudspeakers, or switch them on, then try again."
_LEAD_THERE = {
    "Linux": " If other programs can play, install what leads them there: libasound2-plugins (Debian, Ubuntu), "
    "or pipewire-alsa (Fedora, Arch).",
}


@dataclass(frozen=True)
class Device:
    """`name` stays; `index` is good until the list is read anew."""

    name: str
    index: int
    channels: int
    sample_rate: int
    high_latency_s: float


class SoundSystem:
    """PortAudio, which is not made for several threads: whoever calls it holds `lock`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.streams = 0  # open ones, of the whole process

    @contextmanager
    def calling(self) -> Iterator[Any]:
        """The sounddevice module. Raises UserError where PortAudio is missing, or hangs."""
        if not self.lock.acquire(timeout=_ANSWER_S):
            raise UserError("The computer's sound does not answer.", "Close this program and start it again.")
        try:
            yield _load()
        finally:
            self.lock.release()

    def refresh(self, sounddevice: Any) -> None:
        """Read the devices anew; PortAudio can do so only while no stream is open."""
        if not self.streams:
            try:
                sounddevice._terminate()
                sounddevice._initialize()
            except sounddevice.PortAudioError as error:
                raise UserError(_NO_START, _PLUG_IN, str(error)) from error


SYSTEM = SoundSystem()


def output_devices() -> tuple[str, ...]:
    """The names of what can play now, possibly none. Raises UserError where PortAudio is missing."""
    with SYSTEM.calling() as sounddevice:
        SYSTEM.refresh(sounddevice)
        return tuple(device.name for device in _devices(sounddevice))


def find_device(sounddevice: Any, name: str | None) -> Device:
    """The device of that name, or the default one. Raises UserError where it is not there."""
    devices = _devices(sounddevice)
    wanted = _default_index(sounddevice) if name is None else None
    for device in devices:
        if name == device.name or wanted == device.index:
            return device
    if name is None or not devices:
        raise UserError("No sound device was found.", _PLUG_IN + _LEAD_THERE.get(platform.system(), ""))
    hint = "Plug it in or switch it on, or choose another sound device."
    raise UserError(f"The sound device “{name}” is not there.", hint)


def _load() -> Any:
    try:
        import sounddevice
    except OSError as error:
        hint = _INSTALL.get(platform.system(), _INSTALL_OTHERWISE)
        raise UserError("Sound needs PortAudio, which is not installed.", hint, str(error)) from error
    except Exception as error:
        if type(error).__name__ != "PortAudioError":  # the module that failed was to define it
            raise
        raise UserError(_NO_START, _PLUG_IN, str(error)) from error
    return sounddevice


def _devices(sounddevice: Any) -> list[Device]:
    """Those of the system's usual host API: others show the same devices once more, under other names."""
    system = _host_api(sounddevice)
    return [
        Device(
            name=found["name"],
            index=found["index"],
            channels=found["max_output_channels"],
            sample_rate=round(found["default_samplerate"]),
            high_latency_s=found["default_high_output_latency"],
        )
        for found in sounddevice.query_devices()
        if found["hostapi"] == system and found["max_output_channels"] > 0 and found["name"] not in _NO_DEVICES
    ]


def _host_api(sounddevice: Any) -> int:
    usual: int = sounddevice.default.hostapi
    return usual


def _default_index(sounddevice: Any) -> int:
    index: int = sounddevice.query_hostapis(_host_api(sounddevice))["default_output_device"]
    return index
