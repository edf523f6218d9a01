"""The thread that keeps a session sounding: it feeds the output, watches it, and replaces it."""

from __future__ import annotations

import threading

from musicmed_desktop.audio.fader import FadeOut
from musicmed_desktop.audio.line import Line
from musicmed_desktop.audio.output import OpenOutput
from musicmed_desktop.audio.playout import Playout
from musicmed_desktop.audio.programme import Programme
from musicmed_desktop.audio.successor import Successor
from musicmed_desktop.errors import UserError

LEAD_S = 2.0  # of music, before it begins, and before it goes on after a want of it
LEAST_LEAD_S = 1.0  # of real time, where the output is faster than that
TICK_S = 0.02
REPEAT_S = 0.1  # of what a lost device may not have played to its end, and of what the fade in veils
KEEP_S = 1.0  # of what was heard, in real time: for the level, and for a device that dies with its buffer


class Feeder:
    """Plays a programme on whatever output there is. `paused` and `volume` may be set by any thread."""

    def __init__(self, programme: Programme, sample_rate: int, open_output: OpenOutput) -> None:
        self.paused = False
        self.volume = 1.0  # amplitude gain
        self.stopping = False
        self.playout: Playout | None = None  # none: nothing was opened yet, or the device is gone
        self.problem: UserError | None = None
        self._programme = programme
        self._sample_rate = sample_rate
        self._line: Line | None = None
        self._successor = Successor(open_output)
        self._underruns = 0  # of earlier outputs and runs
        self._orders = threading.Lock()  # what `stop` ordered stands
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    # --- for other threads

    def start(self) -> None:
        """Raises UserError where nothing can play; then it may be tried again."""
        if self._thread is None:
            self._connect(self._successor.open())
            self._thread = threading.Thread(target=self._run, name="feeding sound", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def stop(self, fade_s: float) -> FadeOut | None:
        """Come to rest for good; returns the fade, in frames of the session, if it is yet to come."""
        with self._orders:
            self.stopping, playout = True, self.playout
            sounding = playout is not None and not playout.dry and not playout.faded
            return playout.hold(fade_s) if playout and sounding else None

    @property
    def started(self) -> bool:
        return self._thread is not None

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def change(self, open_output: OpenOutput) -> None:
        self._successor.want(open_output)

    @property
    def underruns(self) -> int:
        line, playout = self._line, self.playout
        return self._underruns + (line.output.xruns if line else 0) + (playout.underruns if playout else 0)

    @property
    def place(self) -> float:
        """What is heard now, in frames of the session."""
        playout = self.playout
        if playout is None or playout.run != self._programme.run:
            return self._programme.first
        return playout.heard

    # --- the thread

    def _run(self) -> None:
        try:
            while not self._closed.wait(TICK_S):
                self._watch()
                self._replace()
                if self._line and self.playout:
                    self._supply(self._line, self.playout)
        finally:  # also after a bug: whoever waits for the end must not wait for ever
            self._closed.set()
            self._successor.close()
            if self._line and self.playout:
                self._part(self._line, self.playout.heard).output.close()

    def _supply(self, line: Line, playout: Playout) -> None:
        playout.volume = self.volume
        playout.feed(self._programme)
        if playout.dry and self._lead_reached(line, playout):
            playout.refill()
        if playout.run != self._programme.run and playout.faded:
            self._cue(line)
        else:
            self._direct(playout)
        kept = KEEP_S * line.output.speed * self._sample_rate
        self._programme.forget(int(playout.surely_heard - kept))

    def _direct(self, playout: Playout) -> None:
        with self._orders:
            if self.stopping or self.paused or self._successor.line or playout.run != self._programme.run:
                playout.hold()
            else:
                playout.go()

    def _lead_reached(self, line: Line, playout: Playout) -> bool:
        lead_s = max(LEAD_S, LEAST_LEAD_S * line.output.speed)
        ahead = self._programme.end - playout.heard
        return self._programme.finished or ahead >= lead_s * self._sample_rate

    def _watch(self) -> None:
        if self._line and self.playout and not self._line.output.alive:
            self.problem = _lost(self._line.output.name)
            place = self.playout.surely_heard - REPEAT_S * self._sample_rate
            self._part(self._line, place).output.close()

    # --- one output after the other

    def _replace(self) -> None:
        """Open an output where one is wanted, and go over to it; what still plays comes to rest before."""
        try:
            self._successor.seek(lost=self._line is None and not self.stopping)
        except UserError as error:
            self.problem = self.problem if self._line is None else error
        if self._successor.line is None or (self.playout and not self.playout.resting):
            return
        leaving = self._part(self._line, self.playout.heard) if self._line and self.playout else None
        if line := self._successor.take():
            self._connect(line)
        if leaving:  # last, since it may take a second
            leaving.output.close()

    def _connect(self, line: Line) -> None:
        self._cue(line)
        self._line = line
        self.problem = None

    def _part(self, line: Line, place: float) -> Line:
        """Play no longer on `line`, which is left to be closed; the next one is to go on at `place`, in frames."""
        if self.playout and self.playout.run == self._programme.run:
            self._programme.rewind(int(place))
        self._underruns = self.underruns
        self._line = self.playout = None
        return line

    def _cue(self, line: Line) -> None:
        """A new run of the programme."""
        if self.playout:
            self._underruns += self.playout.underruns
        self.playout = line.playout = Playout(line.output, self._programme, self._sample_rate, self.volume)


def _lost(name: str) -> UserError:
    title = "The sound device is gone, and the music waits."
    hint = (
        "See that your headphones or loudspeakers are plugged in and switched on: then the music goes on by itself. "
        "Or choose another sound device in the settings."
    )
    return UserError(title, hint, name)
