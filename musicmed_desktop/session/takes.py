"""Takes: several clips are made for one step, and the one that comes nearest to its target is kept."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.levels import target_lufs
from musicmed_desktop.audio.loudness import loudness
from musicmed_desktop.engines.base import Cancelled, ClipContext, Engine, Frames, Handover
from musicmed_desktop.plan.step import Step
from musicmed_desktop.recognition.base import Measurement, Recognizer

VALENCE_WEIGHT = 0.5  # recognition of valence is weak (Korhonen 2004), so that it should not outvote arousal
NEAR_ENOUGH = 0.15  # distance to the target at which no more takes are made
TOGETHER = 2  # takes made at once; part of what a seed means, so it does not follow the machine
_LISTEN_S = 0.1  # between looks at what was asked meanwhile: Windows cannot interrupt a longer wait


@dataclass(frozen=True, eq=False)
class Take:
    """One clip, (n, channels) samples as the engine gave them, with what was measured on it.

    `aim` is what the engine was asked for; `lufs` its integrated loudness up to its exit, -inf for silence; `miss` how
    far it is from its target.
    """

    seed: int
    aim: Affect
    samples: Frames
    handover: Handover
    lufs: float
    measurement: Measurement
    miss: float


Maker = Callable[[Affect], Take]  # makes a take for which the engine is asked for an affect
Hurried = Callable[[], bool]  # whether the listener would soon have to wait for music
Again = Callable[[Affect, Sequence[Affect]], Affect]  # the next aim, after an aim and what was heard of its takes


class Clip:
    """The chunks of a clip, kept as they pass; `samples` and `handover` are there when the last one has passed."""

    handover: Handover

    def __init__(self, stream: Generator[Frames, None, Handover]) -> None:
        self._stream = stream
        self._chunks: list[Frames] = []

    def chunks(self) -> Generator[Frames, None, None]:
        try:
            while True:
                chunk = next(self._stream)
                self._chunks.append(chunk)
                yield chunk
        except StopIteration as end:
            self.handover = end.value
        finally:
            self._stream.close()

    @property
    def samples(self) -> Frames:
        return np.concatenate(self._chunks)


def take_seed(session_seed: int, step_index: int, number: int) -> int:
    """The seed of the take `number` of a step: 48 bits, so that every JSON reader can hold it."""
    digest = blake2b(f"{session_seed} {step_index} {number}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")


def miss(target: Affect, heard: Affect) -> float:
    """The distance between what was wanted and what was heard, valence weighed by VALENCE_WEIGHT."""
    return math.hypot(VALENCE_WEIGHT * (heard.valence - target.valence), heard.arousal - target.arousal)


class Studio:
    """Makes and measures takes, `TOGETHER` at a time. Engine and recognizer are used by several threads at once."""

    def __init__(
        self,
        engine: Engine,
        recognizer: Recognizer,
        tries: int,
        cancelled: Cancelled,
        hurried: Hurried = lambda: False,
    ) -> None:
        self._engine = engine
        self._recognizer = recognizer
        self._tries = tries
        self.hurried = hurried
        self._closing = threading.Event()
        self._asked = cancelled
        self._pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="take")

    def cancelled(self) -> bool:
        return self._closing.is_set() or self._asked()

    def begin(self, step: Step, aim: Affect, context: ClipContext, again: Again) -> Search:
        """Start on the takes of a step, for which the engine is asked for `aim` first, and after takes that were not
        near enough for what `again` says; `context` has the session's seed."""
        tries = 1 if self.hurried() else self._tries
        contexts = [replace(context, seed=take_seed(context.seed, step.index, n)) for n in range(tries)]
        return Search([partial(self._take, step, each) for each in contexts], aim, again, self.hurried, self._pool)

    def assess(self, step: Step, seed: int, aim: Affect, clip: Clip) -> Take:
        """Measure a clip as it will be heard: up to its exit, at the loudness of its step."""
        samples = clip.samples
        heard = samples[: round(clip.handover.exit_s * self._engine.sample_rate)]
        lufs = loudness(heard, self._engine.sample_rate)
        if math.isfinite(lufs):
            heard = heard * np.float32(10.0 ** ((target_lufs(step.target) - lufs) / 20.0))
        measurement = self._recognizer.measure(heard, self._engine.sample_rate)
        return Take(seed, aim, samples, clip.handover, lufs, measurement, miss(step.target, measurement.affect))

    def close(self) -> None:
        """End the worker threads; what they are at is given up."""
        self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _take(self, step: Step, context: ClipContext, aim: Affect) -> Take:
        clip = Clip(self._engine.stream(replace(step, target=aim), context, self.cancelled))
        for _ in clip.chunks():
            pass
        return self.assess(step, context.seed, aim, clip)


class Search:
    """The search for the nearest of several takes; the first ones are being made as soon as it exists.

    When it is hurried, those have to do.
    """

    def __init__(
        self, makers: Sequence[Maker], aim: Affect, again: Again, hurried: Hurried, pool: ThreadPoolExecutor
    ) -> None:
        self._groups = [makers[at : at + TOGETHER] for at in range(0, len(makers), TOGETHER)]
        self._aim = aim
        self._again = again
        self._hurried = hurried
        self._pool = pool
        self._running = self._start(self._groups.pop(0))

    def nearest(self) -> tuple[Take, int]:
        """The nearest take and how many were made; raises at once what an engine or the recognizer raises."""
        takes = self._finished()
        while self._groups and not any(take.miss <= NEAR_ENOUGH for take in takes) and not self._hurried():
            self._aim = self._again(self._aim, [take.measurement.affect for take in takes[-TOGETHER:]])
            self._running = self._start(self._groups.pop(0))
            takes += self._finished()
        self._running = []  # a take is 10 MB and more
        return min(takes, key=lambda take: take.miss), len(takes)

    def _start(self, makers: Sequence[Maker]) -> list[Future[Take]]:
        return [self._pool.submit(make, self._aim) for make in makers]

    def _finished(self) -> list[Take]:
        waiting = set(self._running)
        while waiting:
            done, waiting = wait(waiting, timeout=_LISTEN_S, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()  # raises though another take may not be finished
        return [future.result() for future in self._running]
