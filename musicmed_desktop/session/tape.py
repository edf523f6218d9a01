"""The tape of a session: finished sound, written as it comes, with each step's place and loudness on it."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.loudness import LoudnessMeter
from musicmed_desktop.audio.truepeak import TruePeakMeter
from musicmed_desktop.engines.base import Frames
from musicmed_desktop.plan.step import Step
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.session.events import ChunkReady, StepStored
from musicmed_desktop.session.record import SILENCE_DBTP, SILENCE_LUFS, Audio, Coordinates, StepRecord
from musicmed_desktop.session.recording import Beginning, Recording


@dataclass
class _Stretch:
    """The sound of one step, from the frame `start` to `end`, which is known when the next step begins."""

    step: Step
    aim: Affect
    start: int
    meter: LoudnessMeter
    end: int = sys.maxsize
    measurement: Measurement | None = None
    tries: int = 0
    seed: int = 0


class Tape:
    """Takes finished sound in order, passes it on to a recording and measures it.

    The sound of a step comes later than its clip is finished, since the master holds back what a join may touch.
    """

    def __init__(self, recording: Recording, beginning: Beginning) -> None:
        sample_rate, channels = beginning.engine.sample_rate, beginning.engine.channels
        self.steps: list[StepRecord] = []  # whose sound is complete
        self._recording = recording
        self._beginning = beginning
        self._rate = sample_rate
        self._channels = channels
        self._length = 0
        self._loudness = LoudnessMeter(sample_rate, channels)
        self._peak = TruePeakMeter(channels)
        self._stretches: deque[_Stretch] = deque()

    def begin(self, step: Step, aim: Affect, at_s: float) -> None:
        """The sound of `step`, made for `aim`, begins at `at_s`; that of the step before ends there."""
        self._end_last(round(at_s * self._rate))
        meter = LoudnessMeter(self._rate, self._channels)
        self._stretches.append(_Stretch(step, aim, round(at_s * self._rate), meter))

    def label(self, measurement: Measurement, tries: int, seed: int) -> None:
        """Note what became of the step that was begun last."""
        stretch = self._stretches[-1]
        stretch.measurement, stretch.tries, stretch.seed = measurement, tries, seed

    def cut(self, at_s: float) -> None:
        """Forget the steps that begin at `at_s` or later; the sound of the one before ends there."""
        at = round(at_s * self._rate)
        while self._stretches and self._stretches[-1].start >= at:
            self._stretches.pop()
        self._end_last(at)

    def add(self, frames: Frames) -> Iterator[ChunkReady | StepStored]:
        """Append finished sound; tells of it, and of the steps whose sound it completes."""
        if len(frames):
            yield ChunkReady(frames, self._length / self._rate, self._rate)  # first of all: someone is listening
            yield from self.write(frames)

    def write(self, frames: Frames) -> Iterator[StepStored]:
        """Append finished sound, at least one frame; tells of the steps whose sound it completes."""
        start = self._length
        if not start:
            self._recording.begin(self._beginning)
        self._recording.write(frames)
        self._length += len(frames)
        self._loudness.add(frames)
        self._peak.add(frames)
        while self._stretches:
            first = self._stretches[0]
            first.meter.add(frames[max(0, first.start - start) : max(0, first.end - start)])
            if first.end > self._length:
                return
            yield self._store(self._stretches.popleft())

    def close(self) -> Iterator[StepStored]:
        """The sound ends here, and with it the last step."""
        self._end_last(self._length)
        while self._stretches:
            yield self._store(self._stretches.popleft())

    def audio(self) -> Audio:
        """What is on the tape, as its record has it."""
        return Audio(
            path=self._recording.audio_name,
            sample_rate=self._rate,
            channels=self._channels,
            duration_s=self._length / self._rate,
            loudness_lufs=max(SILENCE_LUFS, self._loudness.integrated()),
            true_peak_dbtp=max(SILENCE_DBTP, self._peak.dbtp()),
        )

    def _end_last(self, at: int) -> None:
        if self._stretches:
            self._stretches[-1].end = min(self._stretches[-1].end, at)

    def _store(self, stretch: _Stretch) -> StepStored:
        record = _record(stretch, len(self.steps), self._rate)
        self._recording.store_step(record, stretch.end)
        self.steps.append(record)
        return StepStored(record)


def _record(stretch: _Stretch, index: int, rate: int) -> StepRecord:
    step, measurement = stretch.step, stretch.measurement
    if measurement is None:
        raise RuntimeError(f"the sound of step {step.index} ended before the step did")
    return StepRecord(
        index=index,
        start_s=stretch.start / rate,
        duration_s=(stretch.end - stretch.start) / rate,
        phase=step.phase,
        progress=step.progress,
        mood=step.mood,
        target=Coordinates.of(step.target),
        aim=Coordinates.of(stretch.aim),
        measured=Coordinates.of(measurement.affect),
        heard=dict(measurement.attributes),
        prompt=step.prompt.text,
        genre=step.prompt.genre,
        instruments=step.prompt.instruments,
        tempo=step.prompt.tempo,
        loudness_lufs=max(SILENCE_LUFS, stretch.meter.integrated()),
        tries=stretch.tries,
        seed=stretch.seed,
    )
