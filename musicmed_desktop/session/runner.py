"""SessionRunner: a plan becomes sound, measured and kept. No other place generates music."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial

from musicmed_desktop.audio.levels import target_lufs
from musicmed_desktop.audio.master import Master
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Engine, Handover
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, Step
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import Event, SessionFailed, SessionFinished, StepMeasured, StepStarted
from musicmed_desktop.session.midi import join_scores
from musicmed_desktop.session.moves import Moves
from musicmed_desktop.session.record import SessionRecord, session_record
from musicmed_desktop.session.recording import Beginning, Recording
from musicmed_desktop.session.steering import Steering
from musicmed_desktop.session.takes import Clip, Hurried, Search, Studio, Take, take_seed
from musicmed_desktop.session.tape import Tape

OVERLAP_S = 3.0  # what a clip sounds on behind its exit
FEED_S = 2.0  # of a finished clip, mastered at once


class SessionRunner:
    """Runs one session, once.

    The first step's sound leaves while its clip is being made. Every later step has up to `tries` takes (None: as many
    as the engine can afford), of which the nearest to its target is kept. `cancelled` is asked between chunks, also
    from other threads; once it turns true the session ends early with the clips that are finished. While `hurried` is
    true, asked on the thread that iterates, a step has a single take, and no more are begun for one that has several.
    """

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        recognizer: Recognizer,
        recording: Recording,
        *,
        tries: int | None = None,
        cancelled: Cancelled = lambda: False,
        hurried: Hurried = lambda: False,
    ) -> None:
        self._plan = plan
        self._engine = engine
        self._recognizer = recognizer
        self._recording = recording
        self._studio = Studio(engine, recognizer, tries or engine.tries, cancelled, hurried)
        self._master = Master(engine.sample_rate, engine.channels, plan.seconds)
        self._tape = Tape(recording, Beginning(plan, engine, recognizer))
        self._handovers: list[Handover] = []  # of the finished clips
        self._search: Search | None = None  # for the next one
        self._steering = Steering(plan)
        self._moves = Moves(engine)
        self._aim = plan.steps[0].target  # what the engine was asked for last

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
        for step in self._plan.steps:
            if self._studio.cancelled():
                raise CancelledError
            yield StepStarted(step, self._master.position_s)
            yield from self._stream(step) if self._search is None else self._choose(step, self._search)
            yield from self._moves.look()

    def _stream(self, step: Step) -> Iterator[Event]:
        """The first step: its only take is heard while it is made, and measured afterwards."""
        seed = take_seed(self._plan.seed, step.index, 0)
        clip = Clip(self._engine.stream(step, self._context(step, seed), self._studio.cancelled))
        self._begin(step, lufs=None)
        with closing(clip.chunks()) as chunks:
            for samples in chunks:
                yield from self._tape.add(self._master.feed(samples))
        rest = self._master.end(clip.handover.exit_s)
        aim, hurried = self._aim, self._studio.hurried()
        self._handovers.append(clip.handover)
        if hurried:  # the next clip cannot wait for what is heard of this one
            self._look_ahead(step)
        take = self._studio.assess(step, seed, aim, clip)
        self._note(step, take, tries=1)
        if not hurried:
            self._look_ahead(step)
        yield StepMeasured(step, take.measurement, 1, take.aim, take.seed)
        yield from self._tape.add(rest)

    def _choose(self, step: Step, search: Search) -> Iterator[Event]:
        """A later step: the nearest of several takes. While it is written, those of the next step are made."""
        take, tries = search.nearest()
        self._aim = take.aim
        self._begin(step, take.lufs)
        self._handovers.append(take.handover)
        self._note(step, take, tries)
        size = round(FEED_S * self._engine.sample_rate)
        yield from self._tape.add(self._master.feed(take.samples[:size]))  # someone may be waiting for it
        ready = [self._master.feed(take.samples[at : at + size]) for at in range(size, len(take.samples), size)]
        ready.append(self._master.end(take.handover.exit_s))
        self._look_ahead(step)
        yield StepMeasured(step, take.measurement, tries, take.aim, take.seed)
        for frames in ready:
            yield from self._tape.add(frames)

    def _begin(self, step: Step, lufs: float | None) -> None:
        self._tape.begin(step, self._aim, self._master.position_s)
        self._master.begin(target_lufs(step.target), lufs, step.end_s - self._master.position_s)

    def _note(self, step: Step, take: Take, tries: int) -> None:
        """Note what became of the clip."""
        self._tape.label(take.measurement, tries, take.seed)
        self._steering.heard(step.target, take.measurement.affect)

    def _look_ahead(self, step: Step) -> None:
        """The clip is mastered: start on the next one."""
        for following in self._plan.steps[step.index + 1 : step.index + 2]:
            context = self._context(following, self._plan.seed)
            self._aim = self._steering.aim(following.target)
            again = partial(self._steering.again, following.target)
            self._search = self._studio.begin(following, self._aim, context, again)

    def _context(self, step: Step, seed: int) -> ClipContext:
        return ClipContext(
            seed=seed,
            seconds=step.end_s - self._master.position_s,
            overlap_s=OVERLAP_S,
            final=step is self._plan.steps[-1],
            leaving=self._aim,
            previous=self._handovers[-1] if self._handovers else None,
        )

    def _conclude(self, failure: UserError | None) -> Iterator[Event]:
        """Keep what is finished, a shorter session if need be, and say how it ended."""
        record: SessionRecord | None = None
        if self._handovers:
            yield from self._moves.look()
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
        audio, steps = self._tape.audio(), self._tape.steps
        return session_record(self._plan, self._moves.tool, self._recognizer, audio, steps, self._shortened)

    def _score(self) -> Score | None:
        scores = [handover.score for handover in self._handovers]
        whole = [score for score in scores if score is not None]
        return join_scores(whole) if len(whole) == len(scores) else None
