"""Where the library is, and the passphrase that opens it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.library import Library

_OPTIONS = (
    click.option(
        "--library",
        "named",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The folder of the sessions.  [default: that of the window]",
    ),
    click.option(
        "--passphrase-file",
        metavar="FILE",
        help="Where the passphrase of a locked library is, on the first line; - is standard input.  [default: ask]",
    ),
)


@dataclass
class Place:
    """The folder of the sessions; the passphrase is asked for once, where it is needed."""

    folder: Path
    passphrase_file: str | None

    def open(self) -> Library:
        """Raises UserError where there is no such folder, or it does not open."""
        from musicmed_desktop.library import Library

        return Library(self.folder, self.passphrase)

    @cached_property
    def passphrase(self) -> str | None:
        """None where the library is not locked."""
        from musicmed_desktop.library.keys import is_locked

        return asked("Passphrase of the sessions", self.passphrase_file) if is_locked(self.folder) else None


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options above; it receives their outcome as `place`."""

    @wraps(command)
    def with_place(named: Path | None, passphrase_file: str | None, **others: Any) -> Any:
        return command(place=Place(_folder(named), passphrase_file), **others)

    for option in reversed(_OPTIONS):
        with_place = option(with_place)
    return with_place


def asked(question: str, file: str | None, *, twice: bool = False) -> str:
    """A passphrase, from the first line of the file or typed unseen; never from the command line, which others see."""
    if file is None and not sys.stdin.isatty():
        raise UserError("There is nobody to ask for the passphrase.", "Write it into a file, and name that file.")
    if file is None:
        typed: str = click.prompt(f"{question} (not shown)", hide_input=True, confirmation_prompt=twice, err=True)
        return typed
    return _first_line(file)


def _first_line(file: str) -> str:
    if file == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            return lines.readline().rstrip("\r\n")
    except OSError as error:
        raise unreadable(Path(file), error) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file} is not a text file.", "Save the passphrase as UTF-8.", str(error)) from error


def _folder(named: Path | None) -> Path:
    from musicmed_desktop.cli.models.place import settings
    from musicmed_desktop.paths import data_folder

    if named is not None:
        return named
    return settings().library_folder or data_folder()
