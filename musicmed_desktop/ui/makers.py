"""What makes and measures the music: opened once, when it is first needed."""

from __future__ import annotations

from threading import Lock
from typing import Protocol

from musicmed_desktop.engines.base import Engine
from musicmed_desktop.recognition import Recognizer


class Makers(Protocol):
    """Asked from any thread."""

    def engine(self) -> Engine:
        """UserError where it cannot be opened."""
        ...

    def recognizer(self) -> Recognizer: ...


class LazyMakers:
    """The program's own engine and recognizer; `engine_name` is asked when the engine is first needed."""

    def __init__(self, engine_name: str) -> None:
        self._name = engine_name
        self._lock = Lock()
        self._engine: Engine | None = None
        self._recognizer: Recognizer | None = None

    def engine(self) -> Engine:
        from musicmed_desktop.engines import open_engine

        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self._name)
            return self._engine

    def recognizer(self) -> Recognizer:
        from musicmed_desktop.recognition import create_recognizer

        with self._lock:
            if self._recognizer is None:
                self._recognizer = create_recognizer()
            return self._recognizer
