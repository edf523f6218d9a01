"""Where the sound of a condition comes from: an engine makes it."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from musicmed_desktop.engines import Choice, open_engine
from musicmed_desktop.engines.base import Cancelled, ClipContext, Engine, Frames
from musicmed_desktop.evaluation.values import Item, Walk
from musicmed_desktop.evaluation.walking import Journey, walked
from musicmed_desktop.plan.step import Step
from musicmed_desktop.recognition.base import Recognizer


class Source(Protocol):
    """The sound of items, from wherever it comes."""

    def mark(self, item: Item) -> str:
        """Tells whether what was heard of the item before still holds; "" where the item itself says it all."""
        ...

    def sound(self, item: Item, cancelled: Cancelled) -> tuple[Frames, int]:
        """The clip, (n, channels), and its sample rate. Raises UserError, and CancelledError soon after `cancelled`."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Composing:
    """Clips of so many `seconds` by the engine that was chosen, which is opened when it is first needed."""

    def __init__(self, choice: Choice, seconds: float) -> None:
        self._choice = choice
        self._seconds = seconds
        self._opened = False

    @cached_property
    def engine(self) -> Engine:
        engine = open_engine(self._choice)
        self._opened = True
        return engine

    def mark(self, _: Item) -> str:
        return ""

    def sound(self, item: Item, cancelled: Cancelled) -> tuple[Frames, int]:
        step = Step(0, 0.0, self._seconds, item.target, 0.0, "match", item.prompt.moods[0], item.prompt)
        context = ClipContext(item.seed, self._seconds, overlap_s=0.0, final=True, leaving=item.target)
        chunks = list(self.engine.stream(step, context, cancelled))
        return np.concatenate(chunks), self.engine.sample_rate

    def walk(self, journey: Journey, recognizer: Recognizer, cancelled: Cancelled) -> tuple[Walk, Frames, int]:
        return *walked(self.engine, recognizer, journey, cancelled), self.engine.sample_rate

    def close(self) -> None:
        if self._opened:
            self.engine.unload()
