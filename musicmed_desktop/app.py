"""`musicmed-desktop`: starts the app. There is no window yet: it composes a session in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path

FOLDER = "musicmed-session"
_DEFAULTS = ("--from", "anxious", "--to", "calm")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compose into a new folder here; `arguments` (None: the process's own) are options of `musicmed compose`.

    Where the first one is a command of `musicmed`, that is carried out instead. Returns the exit code.
    """
    from musicmed_desktop import cli
    from musicmed_desktop.cli.root import musicmed

    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and (given[0] in musicmed.commands or given[0] == "--version"):
        return cli.main(given)
    # Of an option that is given twice, the later one counts.
    return cli.main(["compose", *_defaults(given), "--out", str(free_folder(Path())), *given])


def free_folder(parent: Path) -> Path:
    """The first name in `parent` that nothing has: musicmed-session, musicmed-session-2, ..."""
    names = (FOLDER if number == 1 else f"{FOLDER}-{number}" for number in count(1))
    return next(path for name in names if not os.path.lexists(path := parent / name))


def _defaults(given: Sequence[str]) -> tuple[str, ...]:
    """A prescription says itself where to walk."""
    prescribed = any(argument.partition("=")[0] == "--prescription" for argument in given)
    return () if prescribed else _DEFAULTS


if __name__ == "__main__":
    sys.exit(main())
