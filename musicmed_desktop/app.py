"""`musicmed-desktop`: opens the window, or does in the terminal what can be done without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Literal, TextIO

FOLDER = "musicmed-session"
OPENED = (".musicmed", ".musicmed-plan")  # what the system may ask the window to open
OFFLINE = "--offline"  # known to the window and to `musicmed`, before its commands
_DEFAULTS = ("--from", "anxious", "--to", "calm")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; `arguments` (None: the process's own) are its options. Returns the exit code, and raises
    SystemExit where the options of the window are not understood.

    A command of `musicmed` is carried out instead, but a session or a plan is opened in the window. Where there is no
    display, a session is composed into a new folder here, and the arguments are options of `musicmed compose`.
    """
    _stand_in_for_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if _is_command(given):
        from musicmed_desktop import cli

        return cli.main(given)
    if not has_display() and not _needs_no_display(given):
        return _without_display(given)
    from musicmed_desktop.ui.options import parse

    options = parse(given)
    if options.self_test:
        if not has_display():
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from musicmed_desktop.ui.selftest import run_self_test

        return run_self_test(options)
    from musicmed_desktop.ui.application import run

    return run(options)


def _stand_in_for_streams() -> None:
    """Windows gives a program with a window no streams, and many a library writes to them all the same."""
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    return Path(os.devnull).open(mode, encoding="utf-8")


def has_display() -> bool:
    """Whether a window could be seen. Where QT_QPA_PLATFORM says how to show it, that counts."""
    if not sys.platform.startswith(("linux", "freebsd")):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def free_folder(parent: Path) -> Path:
    """The first name in `parent` that nothing has: musicmed-session, musicmed-session-2, ..."""
    names = (FOLDER if number == 1 else f"{FOLDER}-{number}" for number in count(1))
    return next(path for name in names if not os.path.lexists(path := parent / name))


def _is_command(given: Sequence[str]) -> bool:
    """Whether it is a command of `musicmed`, behind the option that all of them know."""
    first = next((argument for argument in given if argument != OFFLINE), "-")
    return first == "--version" or not (first.startswith("-") or _is_file(first))


def _is_file(argument: str) -> bool:
    """Also one that the window cannot open: it says so, where a program without a terminal could not."""
    return argument.casefold().endswith(OPENED) or ("." in Path(argument).name and Path(argument).is_file())


def _needs_no_display(given: Sequence[str]) -> bool:
    return any(argument in ("--self-test", "-h", "--help") for argument in given)


def _without_display(given: Sequence[str]) -> int:
    files = [argument for argument in given if argument.casefold().endswith(OPENED)]
    if not files:
        return _compose(given)
    print(f"There is no display to open {files[0]} on. See what can be done without: musicmed --help", file=sys.stderr)
    return 1


def _compose(given: Sequence[str]) -> int:
    from musicmed_desktop import cli

    print("There is no display to open the window on: composing a session here instead.", file=sys.stderr)
    switches = [OFFLINE] if OFFLINE in given else []
    options = [argument for argument in given if argument != OFFLINE]
    # Of an option that is given twice, the later one counts.
    return cli.main([*switches, "compose", *_defaults(given), "--out", str(free_folder(Path())), *options])


def _defaults(given: Sequence[str]) -> tuple[str, ...]:
    """A prescription says itself where to walk."""
    prescribed = any(argument.partition("=")[0] == "--prescription" for argument in given)
    return () if prescribed else _DEFAULTS


if __name__ == "__main__":
    sys.exit(main())
