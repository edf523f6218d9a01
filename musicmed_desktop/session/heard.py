"""The session as it is heard: what was made waits here until it can no longer be replaced, then it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from musicmed_desktop.audio.fader import FadeOut, Fader
from musicmed_desktop.audio.fades import fade_out
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.master import FADE_OUT_S as BROKEN_OFF_FADE_S
from musicmed_desktop.plan import Step
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import ChunkReady, Event, StepMeasured, StepStarted, StepStored
from musicmed_desktop.session.pending import Pending
from musicmed_desktop.session.splice import CROSSFADE_S, spliced
from musicmed_desktop.session.takes import take_seed
from musicmed_desktop.session.tape import Tape

MARGIN_S = 0.3  # from what can no longer be changed to a change: time for a chunk to reach the player
FADE_OUT_S = 0.8  # of a session that is stopped before there is a player
REACH_BACK_S = 4.0  # not written though committed: a stop fades what the sound card has already
WRITTEN_AT_ONCE_S = 1.0
ENDED_S = 0.01  # a player that resamples may miss the end by a frame
MEASURED_LEAST_S = 10.0  # less of a clip says too little about it


class Heard:
    """Sound and steps on the session's one timeline; all places are frames.

    What belongs to a step that was not measured yet is not written yet. `committed_s` as Listening has it.
    """

    def __init__(
        self,
        tape: Tape,
        recognizer: Recognizer,
        committed_s: Callable[[], float],
        sample_rate: int,
        channels: int,
    ) -> None:
        self._tape = tape
        self._recognizer = recognizer
        self._committed_s = committed_s
        self._rate = sample_rate
        self._sound = Pending(channels)
        self._committed = 0
        self._unmeasured: tuple[Step, int, int] | None = None  # with its place and the seed of its plan

    # --- how far the listener is

    def ahead_s(self) -> float:
        """How much was made that can still be changed."""
        return (self._sound.end - self._look()) / self._rate

    def over(self) -> bool:
        return self.ahead_s() <= ENDED_S

    def next_place(self) -> int:
        """Where a change can take effect now."""
        return min(self._look() + self._frames(MARGIN_S), self._sound.end)

    def _look(self) -> int:
        told = self._frames(self._committed_s())
        self._committed = max(self._committed, min(told, self._sound.end))
        return self._committed

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._rate)

    # --- sound comes, and is replaced

    def add(self, frames: Frames) -> ChunkReady:
        """Append finished sound; returns what tells of it, as all methods that change the sound do."""
        chunk = ChunkReady(frames, self._sound.end / self._rate, self._rate)
        self._sound.append(frames)
        return chunk

    def turn(self, at: int, arriving: Frames) -> ChunkReady:
        """From `at` on the sound goes over into `arriving`, which has ARRIVING_LEAST_S at least."""
        leaving = self._sound.view(at, at + self._frames(CROSSFADE_S))
        return self._replace(at, spliced(leaving, arriving, self._rate))

    def stop(self, fade: FadeOut | None) -> None:
        """End as the player does; what it fades was not written yet. None: end with what is committed."""
        if fade is None:
            end_s = self._look() / self._rate
            fade = FadeOut(end_s - FADE_OUT_S, end_s)
        begin, end = (max(self._frames(place_s), self._sound.start) for place_s in fade)
        tail = self._sound.view(begin, end)
        fader = Fader(1.0)
        fader.move(0.0, end - begin)  # also where the sound ends before the fade
        fader.apply(tail)
        self._replace(begin, tail)

    def break_off(self) -> Iterator[ChunkReady]:
        """No more sound will come: what can still be changed of it fades out."""
        begin = max(self.next_place(), self._sound.end - self._frames(BROKEN_OFF_FADE_S))
        if begin < self._sound.end:
            tail = self._sound.view(begin, self._sound.end)
            yield self._replace(begin, tail * fade_out(len(tail)))

    def _replace(self, at: int, frames: Frames) -> ChunkReady:
        self._sound.cut(at)
        return self.add(frames)

    # --- steps come, and sound is written

    def note(self, event: Event, seed: int) -> None:
        """Take note of a step, begun or measured, of the plan with this seed."""
        if isinstance(event, StepStarted):
            place = self._frames(event.start_s)
            self._cut(place)
            self._unmeasured = event.step, place, seed
        elif isinstance(event, StepMeasured) and self._unmeasured is not None:
            step, place, _ = self._unmeasured
            self._unmeasured = None
            self._tape.begin(step, event.aim, place / self._rate)
            self._tape.label(event.measurement, event.tries, event.seed)

    def write(self) -> Iterator[StepStored]:
        """Write what was heard for good, if that is worth while."""
        until = self._committed - self._frames(REACH_BACK_S)
        if until - self._sound.start >= self._frames(WRITTEN_AT_ONCE_S):
            yield from self._write(until)

    def close(self) -> Iterator[StepStored]:
        """All was heard, and the session ends here."""
        self._cut(self._sound.end)
        yield from self._write(self._sound.end)
        yield from self._tape.close()

    def _write(self, until: int) -> Iterator[StepStored]:
        if self._unmeasured is not None:
            until = min(until, self._unmeasured[1])
        if until > self._sound.start:
            yield from self._tape.write(self._sound.take(until))

    def _cut(self, at: int) -> None:
        """Steps that begin at `at` or later never sound; the one before ends there, measured or too short for it."""
        if self._unmeasured is not None:
            step, place, seed = self._unmeasured
            self._unmeasured = None
            if at - place >= self._frames(MEASURED_LEAST_S):
                measurement = self._recognizer.measure(self._sound.view(place, at), self._rate)
                self._tape.begin(step, step.target, place / self._rate)
                self._tape.label(measurement, 1, take_seed(seed, step.index, 0))
        self._tape.cut(at / self._rate)
