"""A PulseAudio server of its own, with a sink that nobody hears and everybody can record."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

import numpy as np

from musicmed_desktop.audio.frames import Frames

NEEDED = ("pulseaudio", "parec", "pactl")
RATE = 44_100
_SINK = "hall"
_START_S = 10.0
_OPTIONS = (
    "-n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disable-shm=yes --log-target=stderr --log-level=error"
)


def missing() -> list[str]:
    """What the tests need and this computer does not have."""
    absent = [program for program in NEEDED if shutil.which(program) is None]
    return absent if find_library("portaudio") else [*absent, "libportaudio2"]


class PulseServer:
    """Lives in `folder`, whose path has to be short; needs neither systemd nor D-Bus."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "socket"
        self._process: subprocess.Popen[bytes] | None = None
        folder.chmod(0o700)
        (folder / "asoundrc").write_text(
            "\n".join(f'{kind}.!default {{ type pulse server "{self.address}" }}' for kind in ("pcm", "ctl"))
        )

    @property
    def address(self) -> str:
        return f"unix:{self._socket}"

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to find the server, by way of ALSA too."""
        folder = str(self._folder)
        return {
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder}/asoundrc",
            "HOME": folder,
            "PULSE_RUNTIME_PATH": folder,
            "PULSE_SERVER": self.address,
            "PULSE_STATE_PATH": folder,
            "XDG_RUNTIME_DIR": folder,
        }

    def start(self) -> None:
        """Returns when it answers."""
        # A null sink that may rewind plays up to 2 s of silence first: what it rendered while it was idle.
        modules = [
            f"--load=module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            f"--load=module-null-sink sink_name={_SINK} format=float32le rate={RATE} channels=2 norewinds=1",
        ]
        self._process = subprocess.Popen(["pulseaudio", *_OPTIONS.split(), *modules], env=self._environ())
        deadline = time.monotonic() + _START_S
        while subprocess.run(["pactl", "info"], env=self._environ(), capture_output=True, check=False).returncode:
            assert self._process.poll() is None, "PulseAudio ended"
            assert time.monotonic() < deadline, "PulseAudio does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """As kill -9 does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    @contextmanager
    def recording(self, path: Path) -> Iterator[None]:
        """What the sink plays meanwhile goes to `path`; the context begins when recording has begun."""
        command = [
            "parec",
            "--raw",
            f"--device={_SINK}.monitor",
            "--format=float32le",
            f"--rate={RATE}",
            "--channels=2",
        ]
        with path.open("wb") as file:
            recorder = subprocess.Popen(command, stdout=file, env=self._environ())
        try:
            deadline = time.monotonic() + _START_S
            while not path.stat().st_size:
                assert time.monotonic() < deadline, "parec records nothing"
                time.sleep(0.05)
            yield
        finally:
            recorder.terminate()
            recorder.wait()

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def recorded(path: Path) -> Frames:
    """The sound of a recording without the silence around it, (n, 2)."""
    samples = np.fromfile(path, np.float32)
    frames = samples[: len(samples) // 2 * 2].reshape(-1, 2)
    sounding = np.flatnonzero(frames.any(axis=1))
    return frames[sounding[0] : sounding[-1] + 1] if len(sounding) else frames[:0]
