"""SessionRunner: a plan becomes sound, measured and kept. No other place generates music."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace

from musicmed_desktop import __version__
from musicmed_desktop.audio.levels import target_lufs
from musicmed_desktop.audio.master import Master
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Engine, Handover
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, Step
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import Event, SessionFailed, SessionFinished, StepMeasured, StepStarted
from musicmed_desktop.session.midi import join_scores
from musicmed_desktop.session.record import Coordinates, SessionRecord, Tool
from musicmed_desktop.session.recording import Recording
from musicmed_desktop.session.takes import Clip, Studio, Take, take_seed
from musicmed_desktop.session.tape import Tape

TRIES = 4
OVERLAP_S = 3.0  # what a clip sounds on behind its exit
FEED_S = 2.0  # of a finished clip, mastered at once


class SessionRunner:
    """Runs one session, once.

    The first step's sound leaves while its clip is being made. Every later step has up to `tries` takes, of which
    the nearest to its target is kept. `cancelled` is asked between chunks, also from other threads; once it
    turns true the session ends early with the clips that are finished.
    """

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        recognizer: Recognizer,
        recording: Recording,
        *,
        tries: int = TRIES,
        cancelled: Cancelled = lambda: False,
    ) -> None:
        self._plan = plan
        self._engine = engine
        self._recognizer = recognizer
        self._recording = recording
        self._studio = Studio(engine, recognizer, tries, cancelled)
        self._master = Master(engine.sample_rate, engine.channels, plan.seconds)
        self._tape = Tape(recording, engine.sample_rate, engine.channels)
        self._handovers: list[Handover] = []  # of the finished clips

    def run(self) -> Generator[Event, None, None]:
        """The session's events; the last one is SessionFinished or SessionFailed.

        Raises what only a programmer can mend. Then, and when the iterator is closed early, nothing is kept.
        """
        failure: UserError | None = None
        try:
            try:
                yield from self._compose()
            except CancelledError:
                pass
            except UserError as error:
                failure = error
            self._studio.close()
            yield from self._conclude(failure)
        finally:
            self._studio.close()
            self._recording.discard()

    def _compose(self) -> Iterator[Event]:
        self._recording.begin(self._engine.sample_rate, self._engine.channels)
        for step in self._plan.steps:
            if self._studio.cancelled():
                raise CancelledError
            yield StepStarted(step, self._master.position_s)
            yield from self._choose(step) if self._handovers else self._stream(step)

    def _stream(self, step: Step) -> Iterator[Event]:
        """The first step: its only take is heard while it is made, and measured afterwards."""
        context = replace(self._context(step), seed=take_seed(self._plan.seed, step.index, 0))
        clip = Clip(self._engine.stream(step, context, self._studio.cancelled))
        self._begin(step, context, lufs=None)
        with closing(clip.chunks()) as chunks:
            for samples in chunks:
                yield from self._tape.add(self._master.feed(samples))
        take = self._studio.assess(step, context.seed, clip)
        yield StepMeasured(step, take.measurement, tries=1)
        yield from self._end(take, tries=1)

    def _choose(self, step: Step) -> Iterator[Event]:
        """A later step: the nearest of several takes, mastered when it is whole."""
        context = self._context(step)
        take, tries = self._studio.best(step, context, self._plan.seed)
        yield StepMeasured(step, take.measurement, tries)
        self._begin(step, context, take.lufs)
        size = round(FEED_S * self._engine.sample_rate)
        for at in range(0, len(take.samples), size):
            yield from self._tape.add(self._master.feed(take.samples[at : at + size]))
        yield from self._end(take, tries)

    def _context(self, step: Step) -> ClipContext:
        steps, before = self._plan.steps, max(0, step.index - 1)
        return ClipContext(
            seed=self._plan.seed,
            seconds=step.end_s - self._master.position_s,
            overlap_s=OVERLAP_S,
            final=step is steps[-1],
            leaving=steps[before].target,
            previous=self._handovers[-1] if self._handovers else None,
        )

    def _begin(self, step: Step, context: ClipContext, lufs: float | None) -> None:
        self._tape.begin(step, self._master.position_s)
        self._master.begin(target_lufs(step.target), lufs, context.seconds)

    def _end(self, take: Take, tries: int) -> Iterator[Event]:
        self._tape.label(take, tries)
        self._handovers.append(take.handover)
        yield from self._tape.add(self._master.end(take.handover.exit_s))

    def _conclude(self, failure: UserError | None) -> Iterator[Event]:
        """Keep what is finished, a shorter session if need be, and say how it ended."""
        record: SessionRecord | None = None
        if self._handovers:
            try:
                yield from self._tape.add(self._master.finish())
                yield from self._tape.close()
                record = self._record()
                self._recording.finish(record, self._score())
            except UserError as error:
                failure, record = failure or error, None
        if failure:
            yield SessionFailed(failure, record)
        else:
            yield SessionFinished(record, shortened=self._shortened)

    @property
    def _shortened(self) -> bool:
        return len(self._handovers) < len(self._plan.steps)

    def _record(self) -> SessionRecord:
        return SessionRecord(
            application=Tool(name="musicmed-desktop", version=__version__),
            engine=Tool(name=self._engine.name, version=self._engine.version),
            recognizer=Tool(name=self._recognizer.name, version=self._recognizer.version),
            seed=self._plan.seed,
            shortened=self._shortened,
            prescription=self._plan.prescription,
            path=tuple(map(Coordinates.of, self._plan.path)),
            audio=self._tape.audio(),
            steps=tuple(self._tape.steps),
        )

    def _score(self) -> Score | None:
        scores = [handover.score for handover in self._handovers]
        whole = [score for score in scores if score is not None]
        return join_scores(whole) if len(whole) == len(scores) else None
