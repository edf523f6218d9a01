"""The session as it is heard: what was made waits here until it can no longer be replaced, then it is written."""

from __future__ import annotations

from collections.abc import Iterator

from musicmed_desktop.audio.fades import fade_out
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.plan import Step
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import ChunkReady, Event, StepMeasured, StepStarted, StepStored
from musicmed_desktop.session.pending import Pending
from musicmed_desktop.session.takes import take_seed
from musicmed_desktop.session.tape import Tape

MEASURED_LEAST_S = 10.0  # less of a clip says too little about it


class Heard:
    """Sound and steps on the session's one timeline. All places are frames.

    What belongs to a step that was not measured yet is not written yet.
    """

    def __init__(self, tape: Tape, recognizer: Recognizer, sample_rate: int, channels: int) -> None:
        self._tape = tape
        self._recognizer = recognizer
        self._rate = sample_rate
        self._sound = Pending(channels)
        self._unmeasured: tuple[Step, int, int] | None = None  # with its place and the seed of its plan

    @property
    def written(self) -> int:
        return self._sound.start

    @property
    def end(self) -> int:
        return self._sound.end

    def add(self, frames: Frames) -> ChunkReady:
        """Append finished sound; returns what tells of it."""
        chunk = ChunkReady(frames, self.end / self._rate, self._rate)
        self._sound.append(frames)
        return chunk

    def view(self, begin: int, end: int) -> Frames:
        return self._sound.view(begin, end)

    def replace(self, at: int, frames: Frames) -> ChunkReady:
        """From `at` on there will be `frames` instead of what was made."""
        self._sound.cut(at)
        return self.add(frames)

    def fade(self, begin: int, end: int) -> ChunkReady:
        """The sound fades out from `begin` on, and ends at `end`."""
        tail = self.view(begin, end)
        return self.replace(begin, tail * fade_out(len(tail)))

    def note(self, event: Event, seed: int) -> None:
        """Take note of a step, begun or measured, of the plan with this seed."""
        if isinstance(event, StepStarted):
            place = round(event.start_s * self._rate)
            self._cut(place)
            self._unmeasured = event.step, place, seed
        elif isinstance(event, StepMeasured) and self._unmeasured is not None:
            step, place, _ = self._unmeasured
            self._unmeasured = None
            self._tape.begin(step, event.aim, place / self._rate)
            self._tape.label(event.measurement, event.tries, event.seed)

    def write(self, until: int) -> Iterator[StepStored]:
        """What lies before `until` was heard for good."""
        if self._unmeasured is not None:
            until = min(until, self._unmeasured[1])
        if until > self.written:
            yield from self._tape.write(self._sound.take(until))

    def close(self) -> Iterator[StepStored]:
        """All was heard, and the session ends here."""
        self._cut(self.end)
        yield from self.write(self.end)
        yield from self._tape.close()

    def _cut(self, at: int) -> None:
        """Steps that begin at `at` or later never sound; the one before ends there, measured or too short for it."""
        if self._unmeasured is not None:
            step, place, seed = self._unmeasured
            self._unmeasured = None
            if at - place >= MEASURED_LEAST_S * self._rate:
                measurement = self._recognizer.measure(self.view(place, at), self._rate)
                self._tape.begin(step, step.target, place / self._rate)
                self._tape.label(measurement, 1, take_seed(seed, step.index, 0))
        self._tape.cut(at / self._rate)
