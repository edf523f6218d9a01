"""Sound through PortAudio (by way of sounddevice): the system's own devices."""

from __future__ import annotations

import atexit
import threading
import time
from typing import TYPE_CHECKING, Any

from musicmed_desktop.audio.devices import SYSTEM, Device, find_device
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.output import Fill
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from sounddevice import CallbackFlags

# PortAudio's own idea of a "high" latency is 35 ms for PulseAudio, which a busy computer does not keep.
LATENCY_S = 0.25
STALL_S = 3.0  # without a call: the device is gone, whatever it says. PulseAudio may take 2 s to begin
_LATENCY_MOST_S = 5.0  # what lies beyond is no latency
CLOSE_S = 1.0  # for a device to be given back


def open_portaudio(device: str | None) -> PortAudioOutput:
    """The device of that name (see `output_devices`), or the system's default, opened at its own sample rate.

    Raises UserError where PortAudio is missing, where there is no such device, or where it refuses.
    """
    with SYSTEM.calling() as sounddevice:
        SYSTEM.refresh(sounddevice)
        found = find_device(sounddevice, device)
        try:
            return PortAudioOutput(sounddevice, found)
        except sounddevice.PortAudioError as error:
            raise _refused(found.name, error) from error


class PortAudioOutput:
    """A device of the system, stereo where it can be. Made by `open_portaudio`."""

    speed = 1.0

    def __init__(self, sounddevice: Any, device: Device) -> None:
        """`sounddevice` is the module. Raises its PortAudioError where the device refuses."""
        self.name = device.name
        self.sample_rate = device.sample_rate
        self.channels = min(2, device.channels)
        self.latency_s = 0.0
        self.xruns = 0
        self._sounddevice = sounddevice
        self._fill: Fill | None = None
        self._called_at = 0.0
        self._bug: BaseException | None = None
        self._stream = sounddevice.OutputStream(
            device=device.index,
            samplerate=self.sample_rate,
            channels=self.channels,
            dtype="float32",
            latency=max(LATENCY_S, device.high_latency_s),
            callback=self._call,
        )
        SYSTEM.streams += 1

    @property
    def alive(self) -> bool:
        if self._bug:
            raise self._bug
        if time.perf_counter() - self._called_at > STALL_S:
            return False
        try:
            return bool(self._stream.active)
        except self._sounddevice.PortAudioError:
            return False

    def start(self, fill: Fill) -> None:
        self._fill = fill
        self._called_at = time.perf_counter()
        self.latency_s = self._stream.latency
        try:
            self._stream.start()
        except self._sounddevice.PortAudioError as error:
            raise _refused(self.name, error) from error

    def close(self) -> None:
        """A server that hangs may keep the stream for ever: then the thread that waits for it is left to itself."""
        self._fill = None
        closing = threading.Thread(target=self._close, name="closing sound", daemon=True)
        closing.start()
        closing.join(CLOSE_S)
        if closing.is_alive():
            atexit.unregister(self._sounddevice._exit_handler)  # it would wait for the same server

    def _close(self) -> None:
        self._stream.abort()
        with SYSTEM.lock:
            self._stream.close()
            SYSTEM.streams -= 1

    def _call(self, block: Frames, _count: int, moment: Any, flags: CallbackFlags) -> None:
        """PortAudio's callback, on its own thread."""
        self._called_at = time.perf_counter()
        if flags.output_underflow:
            self.xruns += 1
        ahead = moment.outputBufferDacTime - moment.currentTime  # 0 where the system does not tell
        self.latency_s = ahead if 0.0 < ahead < _LATENCY_MOST_S else self._stream.latency
        fill = self._fill
        if fill is None:
            block[:] = 0.0
            return
        try:
            fill(block)
        except BaseException as error:  # it cannot pass through PortAudio: `alive` raises it again
            self._bug = error
            raise self._sounddevice.CallbackAbort from error


def _refused(name: str, error: Exception) -> UserError:
    hint = "See whether another program uses it alone, or choose another sound device."
    return UserError(f"The sound device “{name}” could not be opened.", hint, str(error))
