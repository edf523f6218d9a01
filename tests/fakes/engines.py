"""An engine that plays tones as it is told, and a recognizer that hears exactly what the tones say."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from random import Random

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.engines.score import Bar, Note, Score
from musicmed_desktop.plan.step import Step
from musicmed_desktop.recognition.base import Measurement

RATE = 8000
BAR_S = 2.0
SPLIT_HZ = 700.0  # the melody lies below, its overtone two octaves higher above
TRIAD = (0, 4, 7, 12)

Script = Mapping[int, Exception]  # what happens in the middle of a step's clips


class ToneEngine:
    """Broken triads in bars of 2 s. Brightness tells arousal, the place between left and right tells valence.

    Each clip misses its target by a chance that its seed decides. `fails` raises in the middle of a step's clips,
    `hangs` stops there until it is cancelled, `delay` is called with a clip's seed before each chunk.
    """

    name = "tones"
    version = "1"
    tries = 4
    sample_rate = RATE
    channels = 2

    def __init__(
        self,
        *,
        spread: float = 0.1,
        chunk_s: float = 4.0,
        fails: Script | None = None,
        hangs: int | None = None,
        delay: Callable[[int], float] = lambda _: 0.0,
        about: str = "Tones are played.",
    ) -> None:
        self.about = about
        self.unloaded = False
        self.spread = spread
        self.chunks: Counter[int] = Counter()  # by the index of the step
        self.asked: list[tuple[Step, ClipContext]] = []
        self._chunk = round(chunk_s * RATE)
        self._fails = fails or {}
        self._hangs = hangs
        self._delay = delay
        self._lock = threading.Lock()

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        with self._lock:
            self.asked.append((step, context))
        exit_s = context.seconds if context.final else BAR_S * round(context.seconds / BAR_S)
        clip = tones(played(step.target, context.seed, self.spread), exit_s + (not context.final) * context.overlap_s)
        for at in range(0, len(clip), self._chunk):
            time.sleep(self._delay(context.seed))
            if at and step.index in self._fails:
                raise self._fails[step.index]
            while at and step.index == self._hangs and not cancelled():
                time.sleep(0.005)
            if cancelled():
                raise CancelledError
            with self._lock:
                self.chunks[step.index] += 1
            yield clip[at : at + self._chunk]
        return Handover(exit_s, memory=context.seed, score=bars(round(exit_s / BAR_S)))

    def unload(self) -> None:
        self.unloaded = True


class MovingEngine(ToneEngine):
    """Says something else of itself from the middle of its `clips`-th clip on, as where memory ran out."""

    def __init__(self, clips: int) -> None:
        super().__init__()
        self._clips = clips

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        chunks = super().stream(step, context, cancelled)
        yield next(chunks)
        if len(self.asked) == self._clips:
            self.about, self.version = "Tones are played more slowly.", "2"
        return (yield from chunks)


def played(target: Affect, seed: int, spread: float) -> Affect:
    """What a clip of ToneEngine really conveys."""
    chance = Random(seed)
    return Affect.clipped(
        0.9 * target.valence + chance.gauss(0, spread), 0.9 * target.arousal + chance.gauss(0, spread)
    )


def tones(affect: Affect, seconds: float) -> Frames:
    """Four notes a bar; level and brightness rise with arousal, valence moves from left to right."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    note_s = BAR_S / len(TRIAD)
    pitch = np.array(TRIAD)[(time_s / note_s).astype(int) % len(TRIAD)]
    phase = 2 * np.pi * 220.0 * 2.0 ** (pitch / 12) * (time_s % note_s)
    bright, right = _angle(affect.arousal), _angle(affect.valence)
    shape = np.sin(np.pi * (time_s % note_s) / note_s) ** 0.5 * 0.2 * 10 ** (0.2 * affect.arousal)
    wave = shape * (math.cos(bright) * np.sin(phase) + math.sin(bright) * np.sin(4 * phase))
    return np.stack([wave * math.cos(right), wave * math.sin(right)], axis=1).astype(np.float32)


def bars(count: int) -> Score:
    notes = tuple(Note("melody", n * 1.0, 1.0, 57 + TRIAD[n % 4], 80) for n in range(4 * count))
    drums = tuple(Note("drums", n * 4.0, 0.5, 36, 60) for n in range(count))
    return Score((Bar(4.0, 120.0),) * count, notes + drums, (("drums", -1), ("melody", 0)))


class ToneRecognizer:
    """Reads brightness and place back from the sound of a ToneEngine, and notes the loudness of what it hears."""

    name = "tone-reader"
    version = "1"

    def __init__(self) -> None:
        self.heard: list[float] = []  # the root mean square of each clip
        self.seconds: list[float] = []

    def measure(self, samples: NDArray[np.float32], sample_rate: int) -> Measurement:
        if samples.shape[1] == 1:
            samples = np.repeat(samples, 2, axis=1)  # in the middle
        energy = np.abs(np.fft.rfft(samples, axis=0)) ** 2
        high = np.fft.rfftfreq(len(samples), 1 / sample_rate) > SPLIT_HZ
        left, right = energy.sum(axis=0)
        affect = Affect.clipped(_place(right / (left + right)), _place(energy[high].sum() / energy.sum()))
        self.heard.append(float(np.sqrt(np.mean(samples**2))))
        self.seconds.append(len(samples) / sample_rate)
        return Measurement(affect, {"brightness": affect.arousal, "place": affect.valence})


def _angle(coordinate: float) -> float:
    return (coordinate + 1) / 2 * math.pi / 2


def _place(share: float) -> float:
    """The coordinate whose share of the energy is sin^2 of its angle."""
    return math.asin(math.sqrt(share)) / (math.pi / 2) * 2 - 1
