from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import product

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Step
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.session.takes import Clip, Studio, Take, miss, take_seed
from tests.fakes.engines import ToneEngine, ToneRecognizer, tones
from tests.fakes.recordings import walk

STEP = walk().steps[1]
CONTEXT = ClipContext(seed=7, seconds=6.0, overlap_s=1.0, final=False, leaving=STEP.target)


def unmoved(aim: Affect, heard: Sequence[Affect]) -> Affect:  # noqa: ARG001
    return aim


@contextmanager
def studio(engine: ToneEngine, tries: int = 4, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Studio]:
    room = Studio(engine, ToneRecognizer(), tries, cancelled)
    try:
        yield room
    finally:
        room.close()


def test_seeds_never_change() -> None:
    assert [take_seed(7, 0, 0), take_seed(7, 12, 3)] == [146346577014164, 165895731888346]
    seeds = {take_seed(*place) for place in product(range(20), range(20), range(4))}
    assert len(seeds) == 1600
    assert max(seeds) < 2**53  # the integers that JavaScript can hold


def test_valence_counts_half() -> None:
    here = Affect(0.0, 0.0)
    assert miss(here, Affect(0.4, 0.0)) == pytest.approx(miss(here, Affect(0.0, 0.2)))
    assert miss(here, Affect(0.8, 0.3)) == pytest.approx(0.5)


def test_the_first_of_equal_takes_is_kept() -> None:
    with studio(ToneEngine(spread=0.0)) as room:
        take, tries = room.begin(STEP, STEP.target, CONTEXT, unmoved).nearest()
    assert tries == 2  # both as near as can be
    assert take.seed == take_seed(7, STEP.index, 0)


def test_in_a_hurry_the_first_take_has_to_do() -> None:
    hurried = True
    room = Studio(ToneEngine(spread=0.5), ToneRecognizer(), 4, lambda: False, lambda: hurried)
    far = Affect(0.9, -0.9)  # which no take comes near
    try:
        _, tries = room.begin(STEP, far, CONTEXT, lambda aim, _: aim).nearest()
        hurried = False
        _, later = room.begin(STEP, far, CONTEXT, lambda aim, _: aim).nearest()
    finally:
        room.close()
    assert (tries, later) == (1, 4)


def test_takes_are_as_the_engine_gave_them() -> None:
    engine = ToneEngine(spread=0.3)
    with studio(engine) as room:
        take, tries = room.begin(STEP, STEP.target, CONTEXT, unmoved).nearest()
    assert tries == len(engine.asked)
    assert len(take.samples) == 7 * engine.sample_rate
    assert take.handover.exit_s == 6.0
    assert take.handover.memory == take.seed


def test_takes_that_miss_are_followed_by_takes_that_aim_elsewhere() -> None:
    engine, asked = ToneEngine(spread=0.0), Affect(0.3, 0.9)
    heard: list[Sequence[Affect]] = []

    def corrected(aim: Affect, misses: Sequence[Affect]) -> Affect:
        heard.append(misses)
        assert aim == asked
        return STEP.target

    with studio(engine) as room:
        take, tries = room.begin(STEP, asked, CONTEXT, corrected).nearest()
    assert tries == 4
    assert [step.target for step, _ in engine.asked] == [asked, asked, STEP.target, STEP.target]
    assert take.aim == STEP.target
    assert [len(misses) for misses in heard] == [2]
    assert heard[0][0].distance(Affect(0.27, 0.81)) < 0.05


def test_silence_is_no_error() -> None:
    class Silence(ToneRecognizer):
        def measure(self, samples: Frames, sample_rate: int) -> Measurement:
            assert np.isfinite(samples).all()
            return super().measure(tones(Affect(0.0, 0.0), len(samples) / sample_rate), sample_rate)

    def silence() -> Generator[Frames, None, Handover]:
        yield np.zeros((48000, 2), np.float32)
        return Handover(6.0)

    clip = Clip(silence())
    for _ in clip.chunks():
        pass
    room = Studio(ToneEngine(), Silence(), 1, lambda: False)
    assert room.assess(STEP, 0, STEP.target, clip).lufs == -np.inf
    room.close()


def test_an_engine_is_closed_with_its_clip() -> None:
    closed = threading.Event()

    def endless() -> Generator[Frames, None, Handover]:
        try:
            while True:
                yield np.zeros((10, 2), np.float32)
        finally:
            closed.set()

    chunks = Clip(endless()).chunks()
    next(chunks)
    chunks.close()
    assert closed.is_set()


def test_a_failure_does_not_wait_for_the_other_take() -> None:
    reason = UserError("The model is gone.")

    class Twin(ToneEngine):
        """The first take hangs, the second one fails."""

        def __init__(self) -> None:
            super().__init__()
            self.twins = (
                ToneEngine(hangs=STEP.index, chunk_s=1.0),
                ToneEngine(fails={STEP.index: reason}, chunk_s=1.0),
            )

        def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
            first = context.seed == take_seed(7, step.index, 0)
            return self.twins[0 if first else 1].stream(step, context, cancelled)

    with studio(Twin()) as room, pytest.raises(UserError) as caught:
        room.begin(STEP, STEP.target, CONTEXT, unmoved).nearest()
    assert caught.value is reason


def test_closing_ends_a_take_that_hangs() -> None:
    engine = ToneEngine(hangs=STEP.index, chunk_s=1.0)
    room = Studio(engine, ToneRecognizer(), 2, lambda: False)
    outcome: list[Take | BaseException] = []

    def work() -> None:
        try:
            outcome.append(room.begin(STEP, STEP.target, CONTEXT, unmoved).nearest()[0])
        except CancelledError as error:
            outcome.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    while engine.chunks[STEP.index] < 2:
        time.sleep(0.005)
    room.close()
    worker.join(5)
    assert len(outcome) == 1
    assert isinstance(outcome[0], CancelledError)
