"""What makes and measures the music: opened when it is first needed, and anew when the settings ask for another."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol

from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.base import Cancelled, CancelledError, Engine
from musicmed_desktop.engines.musicgen.installed import installed_models
from musicmed_desktop.paths import models_folder
from musicmed_desktop.recognition import Recognizer
from musicmed_desktop.settings import Settings

LATER = "This takes effect with your next session."
Wanted = tuple[Choice, tuple[Path, ...]]  # what was chosen, and the models among which an engine may choose itself
_LOOK_S = 0.02


class Makers(Protocol):
    """Asked from any thread."""

    def prepare(self) -> Future[str]:
        """Begin to open the engine of the settings, and come to know what it says of itself, see Engine.about.

        While a session uses another one that is not touched, and the words are LATER. UserError where it cannot be
        opened.
        """
        ...

    def engine(self, cancelled: Cancelled) -> AbstractContextManager[Engine]:
        """The engine of the settings, for a session; it may take seconds to open.

        UserError where it cannot be opened; CancelledError when `cancelled()` comes first.
        """
        ...

    def recognizer(self) -> Recognizer: ...


class LazyMakers:
    """The program's own engines and recognizer. There is one engine at a time: two models may not fit into memory.

    Engines are opened on a thread of their own, which nobody has to wait for. `choice` is asked there.
    """

    def __init__(self, choice: Callable[[], Choice]) -> None:
        self._choice = choice
        self._loading = ThreadPoolExecutor(1, thread_name_prefix="loading")
        self._opened: tuple[Wanted, Engine] | None = None  # of the thread that loads
        self._lent = False
        self._lock = Lock()
        self._recognizer: Recognizer | None = None

    def prepare(self) -> Future[str]:
        return self._loading.submit(self._prepared)

    @contextmanager
    def engine(self, cancelled: Cancelled) -> Iterator[Engine]:
        self._lent = True
        try:
            yield _awaited(self._loading.submit(self._open), cancelled)
        finally:
            self._lent = False

    def recognizer(self) -> Recognizer:
        from musicmed_desktop.recognition import create_recognizer

        with self._lock:
            if self._recognizer is None:
                self._recognizer = create_recognizer()
            return self._recognizer

    def close(self) -> None:
        """Wait for what is being opened."""
        self._loading.shutdown(cancel_futures=True)

    def _prepared(self) -> str:
        if self._lent and self._opened and self._opened[0] != self._wanted():
            return LATER
        return self._open().about

    def _wanted(self) -> Wanted:
        return self._choice(), installed_models(models_folder())

    def _open(self) -> Engine:
        from musicmed_desktop.engines import open_engine

        wanted = self._wanted()
        if self._opened is None or self._opened[0] != wanted:
            self._free()
            self._opened = wanted, open_engine(wanted[0])
        return self._opened[1]

    def _free(self) -> None:
        if self._opened is not None:
            self._opened[1].unload()
            self._opened = None
            gc.collect()


def choice_in(settings: Settings) -> Choice:
    """What the settings ask for; the built-in composer needs nothing of what they know of models."""
    if settings.engine == "builtin":
        return Choice("builtin")
    return Choice(
        settings.engine,
        model=settings.model,
        adapter=settings.adapter,
        strength=settings.strength_of(settings.adapter),
        window=settings.model_window,
    )


def _awaited(opening: Future[Engine], cancelled: Cancelled) -> Engine:
    while not opening.done():
        if cancelled():
            raise CancelledError
        try:
            return opening.result(_LOOK_S)
        except TimeoutError:
            pass
    return opening.result()
