"""`musicmed library import`: sessions that came as files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.cli.library.finding import sessions, titled
from musicmed_desktop.cli.library.place import Place, asked, placed
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.cli.table import print_json
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.library import Library
    from musicmed_desktop.library.exchange import Parcel

UNREAD = 1
_WORDS = {"new": "came", "completed": "completed with what was missing here", "known": "known already"}


@click.command("import", short_help="Take sessions that came as files, as from a patient or a therapist.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR...")
@click.option(
    "--password-file", metavar="FILE", help="The password of locked files, on the first line.  [default: ask]"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def import_(place: Place, paths: tuple[Path, ...], password_file: str | None, as_json: bool) -> int:
    """Take the sessions in each FILE that ends in .musicmed, and in all such files below each DIR.

    A session that is here already is known by its id: it stays as it is, and gets only what is missing here, such as
    music that comes later. A file that cannot be read is told at the end; then the exit code is 1.

    \b
    Examples:
      musicmed library import evening.musicmed
      musicmed library import /media/stick
    """
    from musicmed_desktop.engines.models.progress import CancelledError

    files = list(_files(paths))
    taking = _Taking(place.open(), _Password(password_file))
    stopped_early = False
    try:
        _take(taking, files)
    except CancelledError:
        stopped_early = True
    for path, error in taking.refused:
        complain(f"{path}: {error}")
    if as_json:
        print_json(taking.document())
    else:
        click.echo(taking.summary())
    if stopped_early:
        complain("Stopped. What came until then is here.")
        return STOPPED
    return UNREAD if taking.refused else 0


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    from musicmed_desktop.library.exchange import SUFFIX

    for path in paths:
        if not _is_folder(path):
            yield path
            continue
        inside = sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file())
        if not inside:
            raise UserError(f"There is no session in {path}.", f"Their files end in {SUFFIX}.")
        yield from inside


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what is wrong with it is said when it is read
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _take(taking: _Taking, files: list[Path]) -> None:
    from musicmed_desktop.engines.models.progress import Meter

    sizes = [_size(path) for path in files]
    with followed() as (told, stopped):
        meter = Meter("copying", sum(sizes), told, stopped)
        for path, size in zip(files, sizes, strict=True):
            taking.take(path)
            meter.count(size)


class _Password:
    """Asked for once, when the first locked file comes."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self.known: str | None = None

    def ask(self) -> str:
        if self._file is None and not sys.stdin.isatty():
            raise UserError("It is locked, and there is nobody to ask for its password.", "Add --password-file.")
        self.known = asked("Password of the files", self._file)
        return self.known


class _Taking:
    """What became of each file."""

    def __init__(self, library: Library, password: _Password) -> None:
        self.refused: list[tuple[Path, UserError]] = []
        self._library, self._password = library, password
        self._taken: list[dict[str, Any]] = []

    def take(self, path: Path) -> None:
        from musicmed_desktop.library.receiving import receive

        try:
            received = receive(self._library, self._read(path))
        except UserError as error:
            self.refused.append((path, error))
            return
        outcome = "new" if not received.was_there else "completed" if received.added else "known"
        entry = received.entry
        self._taken.append({"file": str(path), "id": entry.id, "session": titled(entry), "outcome": outcome})

    def document(self) -> dict[str, Any]:
        refused = [{"file": str(path), "error": str(error)} for path, error in self.refused]
        return {"imported": self._taken, "refused": refused}

    def summary(self) -> str:
        counts = Counter(each["outcome"] for each in self._taken)
        parts = [f"{sessions(counts[outcome])} {words}" for outcome, words in _WORDS.items() if counts[outcome]]
        if self.refused:
            parts.append(
                "1 file could not be taken"
                if len(self.refused) == 1
                else f"{len(self.refused)} files could not be taken"
            )
        if len(self._taken) == 1 and not self.refused:
            return f"{self._taken[0]['session']}: {_WORDS[self._taken[0]['outcome']]}."
        return f"{', '.join(parts)}."

    def _read(self, path: Path) -> Parcel:
        from musicmed_desktop.library.exchange import PassphraseNeededError, read_parcel

        try:
            return read_parcel(path, self._password.known)
        except PassphraseNeededError:
            return read_parcel(path, self._password.ask())
