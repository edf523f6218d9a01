"""One run of a session through one output: a ring that is filled ahead, and emptied when the output asks."""

from __future__ import annotations

import time

from musicmed_desktop.audio.converter import Converter
from musicmed_desktop.audio.fader import FadeOut, Fader
from musicmed_desktop.audio.frames import Frames, silence
from musicmed_desktop.audio.output import Output
from musicmed_desktop.audio.programme import Programme
from musicmed_desktop.audio.ring import Ring

RING_S = 0.3  # what the ring holds beyond the output's latency, in seconds of real time
PIECE_S = 0.05  # fed at once
FADE_S = 0.06  # into and out of a rest
VOLUME_S = 0.02  # until another volume is reached


class Playout:
    """Plays `programme` from where its present run begins.

    Three threads: the output's calls `fill`, the feeder's `feed` and `refill`, and any other gives orders (`go`,
    `hold`, `volume`) and asks. Between them stand single attributes, each written whole; frames without a unit are
    those of the output, counted from the first one.
    """

    def __init__(self, output: Output, programme: Programme, sample_rate: int, volume: float) -> None:
        rate, pace = output.sample_rate, output.sample_rate * output.speed
        self.run = programme.run
        self.first = programme.first  # in frames of the session
        self.volume = volume
        self.dry = True  # a rest for want of music; ended by `refill`
        self.underruns = 0
        self._output = output
        self._pace = pace  # frames that sound in one second
        self._ratio = sample_rate / rate
        self._piece = max(1, round(PIECE_S * sample_rate * output.speed))
        self._converter = Converter(sample_rate, rate, output.channels)
        # An output that was kept from asking asks for all of its latency at once.
        self._ring = Ring(round((RING_S + output.latency_s) * pace), output.channels)
        self._held = silence(0, output.channels)  # converted, and waiting for room in the ring
        self._flushed = False  # so is the converter's rest
        self._complete = False  # all that ever comes is in the ring
        self._rest: tuple[int, int] | None = (0, 0)  # ordered: the frames at which its fade begins and ends
        self._free = 0  # the first frame that is not being filled
        self._fade = Fader(0.0)
        self._fade_frames = round(FADE_S * rate)
        self._volume = Fader(volume)
        self._volume_frames = round(VOLUME_S * rate)
        self._called_at = time.perf_counter()
        self._sounding = (self._called_at, 0, 0, 0.0)  # the last block with music: called at, frames, latency

    # --- the output's thread

    def fill(self, block: Frames) -> None:
        """The next block; nothing is allocated, and nobody is waited for."""
        now = time.perf_counter()
        self._free = self._ring.taken + len(block)  # before the look at the orders: they count from here on
        due = self._due(len(block))
        begin = self._ring.taken
        count = self._ring.read_into(block[:due])
        block[count:] = 0.0
        music = block[:count]
        self._fade.apply(music)
        self._volume.apply(music)
        if count < due and not self._fade.target:
            self._fade.move(0.0, 0)  # the music ended before the fade
        if count:
            self._sounding = (now, begin, begin + count, self._output.latency_s)
        self._free = self._ring.taken
        self._called_at = now

    def _due(self, count: int) -> int:
        """Of `count` frames those for which music is due: up to where it has faded to a rest."""
        going = self._rest is None
        if going and not self.dry and not self._complete and self._ring.waiting < count + self._fade_frames:
            self.dry = True
            self.underruns += 1
        if self.volume != self._volume.target:
            self._volume.move(self.volume, self._volume_frames)
        if going and not self.dry:
            self._rise()
            return count
        self._fall()
        return min(count, self._fade.left)

    def _rise(self) -> None:
        if self._fade.target != 1.0:
            beginning = self._ring.taken == 0 and self.first == 0  # of the session: it has its own
            self._fade.move(1.0, 0 if beginning else self._fade_frames)

    def _fall(self) -> None:
        rest = self._rest  # `go` may come in between
        if self._fade.target != 0.0:
            ordered = rest[1] - self._ring.taken if rest else 0
            self._fade.move(0.0, max(self._fade_frames, ordered))

    # --- the feeder's thread

    def feed(self, programme: Programme) -> None:
        """Fill the ring as far as the programme reaches."""
        while True:
            self._held = self._held[self._ring.write(self._held) :]
            if len(self._held):
                return
            frames = programme.take(self.run, self._piece)
            if len(frames):
                self._complete = self._flushed = False
                self._held = self._converter.convert(frames)
            elif self._flushed or not programme.exhausted(self.run):
                break
            else:
                self._flushed = True
                self._held = self._converter.convert(frames, last=True)
        self._complete = self._flushed

    def refill(self) -> None:
        """Go on after a want of music, if the ring is full again."""
        if self._complete or len(self._held):
            self.dry = False

    # --- orders

    def go(self) -> None:
        self._rest = None

    def hold(self, fade_s: float = FADE_S) -> FadeOut:
        """Fade to a rest that is heard `fade_s` from now, where that can be; returns the fade, in places as `heard`."""
        if self._rest is None:
            frames = round((fade_s - self._output.latency_s) * self._output.sample_rate)
            self._rest = self._free, self._free + max(frames, self._fade_frames)
        return FadeOut(*map(self._place, self._rest))

    # --- answers

    @property
    def gain(self) -> float:
        """Of what is being filled now: fades and volume, linear."""
        return self._fade.gain * self._volume.gain

    @property
    def faded(self) -> bool:
        """Whether the ordered rest has been reached by what is being filled now."""
        return self._rest is not None and not self._fade.gain

    @property
    def resting(self) -> bool:
        """Whether the ordered rest is heard."""
        return self.faded and self._heard(time.perf_counter()) >= self._ring.taken

    @property
    def heard(self) -> float:
        """What sounds now, in frames of the session."""
        return self._place(self._heard(time.perf_counter()))

    @property
    def surely_heard(self) -> float:
        """What sounded when the output asked for the last time: a later moment it may not have lived to see."""
        return self._place(self._heard(self._called_at))

    def _heard(self, at: float) -> float:
        called_at, begin, end, latency_s = self._sounding
        return max(0.0, min(end, begin + (at - called_at) * self._pace - latency_s * self._output.sample_rate))

    def _place(self, frame: float) -> float:
        return self.first + frame * self._ratio
