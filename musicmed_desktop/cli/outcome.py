"""How a command ends: its exit code, and the one sentence that a person reads when it did not work out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import click

from musicmed_desktop.errors import UserError

STOPPED = 130  # 128 + SIGINT, as shells have it
REFUSED = 2


def outcome(command: Callable[[], int | None]) -> int:
    """Carry out `command`; what the user can mend is said on stderr, a bug surfaces with its traceback."""
    _never_fail_on_letters()
    try:
        return command() or 0
    except UserError as error:
        return _refused(str(error))
    except click.UsageError as error:
        return _refused(f"{error.format_message()} {_help_hint(error)}")
    except click.ClickException as error:
        return _refused(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped.")
        return STOPPED
    except Exception:
        complain(
            "This is a fault in MusicMed Desktop, not in what you typed. "
            "Please report it together with your command and the lines below."
        )
        raise


def complain(sentence: str) -> None:
    """Say it where it does not mix with results."""
    click.echo(sentence, err=True)


def _refused(sentence: str) -> int:
    complain(sentence)
    return REFUSED


def _help_hint(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "musicmed"
    return f'Type "{command} --help" to see what it takes.'


def _never_fail_on_letters() -> None:
    """A Windows console with an old code page shows a question mark for a letter that it does not have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
