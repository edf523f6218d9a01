"""Words for the person at the terminal; on stderr, so that the app's own output stays clean."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_TAIL_LINES = 15


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run_quietly(command: Sequence[str | Path], env: Mapping[str, str], log: Path) -> None:
    """Run a long command with its output in `log`, and one moving line on a terminal.

    Raises SetupError with the end of the output when the command fails.
    """
    lines: list[str] = []
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            kept.write(line)
            lines.append(line.rstrip())
            _show_progress(line.strip())
    _show_progress("")
    if process.returncode:
        raise SetupError("\n".join([*lines[-_TAIL_LINES:], f"All of this output is in {log}."]))


def _show_progress(text: str) -> None:
    if sys.stderr.isatty():
        # CSI K clears what a longer line before it left behind.
        print(f"\r  {text[:74]}\x1b[K" if text else "\r\x1b[K", end="", file=sys.stderr, flush=True)
