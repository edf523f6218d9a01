"""A locked library is opened at the start of the app, before anything else is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musicmed_desktop.engines.base import CancelledError
from musicmed_desktop.library import Library
from musicmed_desktop.ui.passphrase import PassphraseDialog, ask_until_it_fits
from musicmed_desktop.ui.tasks import Tasks

_WORDS = "They are locked with a passphrase. Please type it to go on."


def ask_to_unlock(folder: Path, tasks: Tasks, opened: Callable[[Library], object]) -> PassphraseDialog:
    """Ask for the passphrase of the library in `folder` until it fits; `opened` gets the library.

    Whoever gives up has rejected the dialog.
    """
    dialog = PassphraseDialog(None, "Your sessions are locked.", (_WORDS,), ("Passphrase",), "Open", "Quit")

    def open_library(typed: tuple[str, ...]) -> Library:
        library = Library(folder, typed[0])
        if dialog.cancelled():  # in that half of a second
            raise CancelledError
        return library

    ask_until_it_fits(dialog, tasks, open_library, opened)
    return dialog
