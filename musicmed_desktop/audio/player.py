"""Plays a session while it comes."""

from __future__ import annotations

import math
import threading
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.envelope import Envelope
from musicmed_desktop.audio.fader import FadeOut
from musicmed_desktop.audio.feeder import Feeder
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.output import OpenOutput
from musicmed_desktop.audio.programme import Programme
from musicmed_desktop.errors import UserError

PlayerState = Literal["waiting", "playing", "paused", "lost", "ended", "stopped"]

STOP_S = 0.8  # from the order to silence
SILENT_DB = -120.0
_LEVEL_S = 0.1  # of sound, for one reading of the level


class Player:
    """Plays what it is given, in order, on an output that may come and go. All may be called from any thread.

    "waiting": for music (at the beginning, or because its maker is too slow); "lost": for a sound device, see
    `problem`; "ended": the last frame has sounded; "stopped": silent after `stop`, or closed.
    """

    def __init__(self, open_output: OpenOutput, sample_rate: int, channels: int) -> None:
        """`sample_rate` and `channels` of the session. Nothing is opened yet."""
        self._sample_rate = sample_rate
        self._programme = Programme(channels)
        self._feeder = Feeder(self._programme, sample_rate, open_output)
        self._envelope = Envelope(sample_rate)
        self._shown_s = 0.0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Open the output. Raises UserError where nothing can play; it may be called again then."""
        self._feeder.start()

    def close(self) -> None:
        """Fall silent at once, and end every thread."""
        self._feeder.close()

    # --- music comes

    def play(self, frames: Frames, start_s: float) -> None:
        """`frames`, (n, channels), begin at `start_s` and are not changed any more; from one producing thread.

        They replace what was given from there on, but for what lies before `committed_s`. Raises ValueError where
        they leave a gap.
        """
        start = round(start_s * self._sample_rate)
        begin = self._programme.put(frames, start)
        self._envelope.add(frames[begin - start :], begin)

    def finish(self) -> None:
        """No more will come, unless `play` or `jump` is called again."""
        self._programme.finish()

    @property
    def committed_s(self) -> float:
        """Up to here the session can no longer be changed: about a second ahead of what is heard, in real time."""
        return self._programme.taken / self._sample_rate

    @property
    def given_s(self) -> float:
        """The end of what was given."""
        return self._programme.end / self._sample_rate

    # --- what the listener wants

    def pause(self) -> None:
        self._feeder.paused = True

    def resume(self) -> None:
        self._feeder.paused = False

    def stop(self, fade_s: float = STOP_S) -> FadeOut:
        """Be silent for good, `fade_s` from now; returns the fade that is heard meanwhile, in seconds of the session.

        It is the shorter, the longer the output's latency. Where nothing sounds, the fade lies behind the listener.
        """
        fade = self._feeder.stop(fade_s)
        if fade is None:
            return FadeOut(max(0.0, self.position_s - fade_s), self.position_s)
        return FadeOut(fade.begin / self._sample_rate, fade.end / self._sample_rate)

    def jump(self, to_s: float) -> None:
        """Forget what was given; what is given next is heard from `to_s` on."""
        with self._lock:
            self._programme.jump(round(to_s * self._sample_rate))
            self._shown_s = to_s

    @property
    def volume(self) -> float:
        """Amplitude gain, 0 to 1."""
        return self._feeder.volume

    @volume.setter
    def volume(self, gain: float) -> None:
        self._feeder.volume = min(1.0, max(0.0, gain))

    def change_output(self, open_output: OpenOutput) -> None:
        """Go on elsewhere; the present output plays until the other one has started. If that fails: `problem`."""
        self._feeder.change(open_output)

    # --- what is to be shown

    @property
    def state(self) -> PlayerState:
        feeder, playout = self._feeder, self._feeder.playout
        if feeder.stopping and (playout is None or playout.resting):
            return "stopped"
        if self._ended:
            return "ended"
        if feeder.closed:
            return "stopped"
        if playout is None:
            return "lost" if feeder.started else "waiting"
        if feeder.paused:
            return "paused"
        return "waiting" if playout.dry or playout.run != self._programme.run else "playing"

    @property
    def position_s(self) -> float:
        """What is heard now, in seconds of the session; it goes back only by a `jump`."""
        with self._lock:
            self._shown_s = max(self._shown_s, self._feeder.place / self._sample_rate)
            return self._shown_s

    @property
    def problem(self) -> UserError | None:
        """Why it is "lost", or why the output could not be changed."""
        return self._feeder.problem

    @property
    def underruns(self) -> int:
        """How often music was due and not there, on our side or on the device's."""
        return self._feeder.underruns

    def level(self) -> float:
        """Loudness of what is heard now, volume included: RMS in dB relative to full scale, -120 for silence."""
        playout = self._feeder.playout
        if playout is None or self.state != "playing":
            return SILENT_DB
        centre, half = int(playout.heard), round(_LEVEL_S / 2 * self._sample_rate)
        frames = self._programme.view(centre - half, centre + half)
        rms = math.sqrt(np.square(frames).mean()) * playout.gain if len(frames) else 0.0
        return max(SILENT_DB, 20.0 * math.log10(rms)) if rms else SILENT_DB

    def envelope(self, start_s: float, end_s: float, points: int) -> NDArray[np.float32]:
        """`points` highest magnitudes, linear, of what was given between two seconds of the session."""
        return self._envelope.read(start_s, end_s, points)

    @property
    def _ended(self) -> bool:
        """The last frame was heard, to a millisecond: resampling may round it away."""
        programme = self._programme
        return programme.finished and self._feeder.place >= programme.end - self._sample_rate / 1000
