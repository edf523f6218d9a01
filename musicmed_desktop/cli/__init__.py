"""`musicmed`: everything that the program can do, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line (without the program's name; None: the process's own); returns the exit code.

    0: done; 1: something is missing (doctor) or damaged or unreadable (models verify,
    library verify, repair, import, backup and restore), or the program is at fault; 2: the request
    could not be met; 130: stopped by Ctrl-C.
    """
    from musicmed_desktop.cli.outcome import outcome

    return outcome(lambda: _carry_out(arguments))


def _carry_out(arguments: Sequence[str] | None) -> int | None:
    from musicmed_desktop.cli.root import musicmed

    code: int | None = musicmed.main(arguments, prog_name="musicmed", standalone_mode=False)
    return code
