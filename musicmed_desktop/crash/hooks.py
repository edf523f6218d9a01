"""The hooks through which Python tells of failures that nobody caught."""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from musicmed_desktop.crash.describe import failure, heading
from musicmed_desktop.crash.reports import new_fault_file, save, tidy

OnCrash = Callable[[str], None]


def install(folder: Path, on_crash: OnCrash = lambda _: None) -> None:
    """From now on what nobody caught is reported: a file in `folder`, a copy on stderr, and `on_crash`.

    `on_crash` gets each report once, in the thread that failed; the program goes on if the failure lets it. To be
    called once, at the start. A folder that cannot be written keeps no reports and stops nothing.
    """
    hooks = _Hooks(folder, on_crash)
    sys.excepthook = hooks.in_main
    threading.excepthook = hooks.in_thread
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        tidy(folder)
        file = new_fault_file(folder)  # open for the whole run: who dies cannot open files
        faulthandler.enable(file)
        atexit.register(_forget_what_was_survived, file)


class _Hooks:
    """Report each failure once, however often it comes."""

    def __init__(self, folder: Path, on_crash: OnCrash) -> None:
        self._folder = folder
        self._on_crash = on_crash
        self._told: set[str] = set()

    def in_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self._tell(f"In the main thread:\n{failure(error)}")

    def in_thread(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and not issubclass(failed.exc_type, SystemExit):
            self._tell(f"In another thread:\n{failure(failed.exc_value)}")

    def _tell(self, what: str) -> None:
        if what in self._told:
            return
        self._told.add(what)
        text = f"{heading()}\n\n{what}\n"
        with suppress(OSError):
            save(self._folder, text)
        if sys.stderr is not None:  # a program with a window may have none
            with suppress(OSError):
                print(text, file=sys.stderr)
        self._on_crash(text)


def _forget_what_was_survived(file: IO[str]) -> None:
    """Windows tells faulthandler also of exceptions that are handled later. From here on only the end is watched."""
    with suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        os.lseek(file.fileno(), 0, os.SEEK_SET)
