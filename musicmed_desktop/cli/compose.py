"""`musicmed compose`: the main job, a session from one command."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.interruption import interruptible
from musicmed_desktop.cli.library.finding import SHOWN
from musicmed_desktop.cli.library.place import Place, placed
from musicmed_desktop.cli.maker import made_by
from musicmed_desktop.cli.options import SEEDS, prescribed, seed_option
from musicmed_desktop.cli.outcome import REFUSED, STOPPED, complain
from musicmed_desktop.cli.progress import show, waiting
from musicmed_desktop.cli.table import clock, print_json
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.audio.files import Format
    from musicmed_desktop.engines import Choice
    from musicmed_desktop.library import LibraryRecording
    from musicmed_desktop.plan import Prescription
    from musicmed_desktop.session.events import SessionFailed, SessionFinished
    from musicmed_desktop.session.folder import SessionFolder
    from musicmed_desktop.session.record import SessionRecord

FORMATS = ("flac", "wav", "ogg", "mp3")
MAX_TRIES = 16


@click.command(short_help="Compose a session.")
@prescribed
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder for the session.  [default: it is kept among the window's sessions]",
)
@click.option("--force", is_flag=True, help="Replace the session in DIR if there is one.")
@click.option(
    "--format", "sound", type=click.Choice(FORMATS), default="flac", help="The kind of sound file.  [default: flac]"
)
@made_by
@click.option(
    "--tries",
    type=click.IntRange(1, MAX_TRIES),
    metavar="N",
    help="How often a step may be composed anew to meet its mood; the best is kept.  "
    "[default: 4 with the built-in composer; 1 with a model, which takes its time]",
)
@seed_option
@placed
@click.option("--json", "as_json", is_flag=True, help="Print the session's record as JSON; progress goes to stderr.")
def compose(
    prescription: Prescription,
    folder: Path | None,
    force: bool,
    sound: Format,
    choice: Choice,
    tries: int | None,
    seed: int | None,
    place: Place,
    as_json: bool,
) -> int:
    """Compose a session, and keep it among those of the window or in a folder of its own.

    A folder gets the music, session.json (what was planned and measured), trajectory.svg (a drawing of the walk
    from mood to mood) and, from the built-in composer, session.mid (the notes). Ctrl-C stops and keeps what is
    finished.

    \b
    Examples:
      musicmed compose --from anxious --to calm
      musicmed compose --from anxious --to calm --out evening
      musicmed compose --from=-0.6,0.7 --to calm --minutes 10 --instrument piano --out evening
      musicmed compose --from sad --to hopeful --engine musicgen --model musicgen-small --out morning
    """
    from musicmed_desktop.engines import open_engine
    from musicmed_desktop.plan import build_plan
    from musicmed_desktop.recognition import create_recognizer
    from musicmed_desktop.session.runner import SessionRunner

    if folder is None and (force or sound != "flac"):
        raise UserError("--format and --force are for a folder of its own.", "Name one with --out.")
    kept_in = _Library(place) if folder is None else _Folder(folder, force, sound)
    planned = build_plan(prescription, secrets.randbelow(SEEDS) if seed is None else seed)
    with waiting("Loading what makes the music", on_stderr=as_json):
        engine = open_engine(choice)
    with interruptible() as stopped, kept_in.recording(planned.prescription) as recording:
        click.echo(f"Composing {clock(planned.seconds)} minutes, seed {planned.seed}. {engine.about}", err=as_json)
        runner = SessionRunner(planned, engine, create_recognizer(), recording, tries=tries, cancelled=stopped)
        end = show(runner.run(), planned, on_stderr=as_json)
    if as_json and end.record:
        print_json(json.loads(end.record.to_json()) | kept_in.where())
    return _conclude(end, kept_in, on_stderr=as_json)


class _Folder:
    """A session that is kept in a folder of its own."""

    def __init__(self, folder: Path, force: bool, sound: Format) -> None:
        self._folder, self._force, self._sound = folder, force, sound

    def recording(self, _: Prescription) -> SessionFolder:
        from musicmed_desktop.session.folder import SessionFolder

        return SessionFolder(self._folder, self._sound, self._force)

    def where(self) -> dict[str, str]:
        return {"dir": str(self._folder.absolute())}

    def kept(self) -> str:
        return f"in {self._folder}"

    def to_listen(self, record: SessionRecord) -> str:
        return (
            f"To listen, open {self._folder / record.audio.path} in any music player; "
            f"{self._folder / 'trajectory.svg'} shows the walk."
        )


class _Library:
    """A session that is kept among those of the window."""

    def __init__(self, place: Place) -> None:
        self._library = place.open()

    def recording(self, prescription: Prescription) -> LibraryRecording:
        from musicmed_desktop.library.entry import feeling_word

        words = f"{feeling_word(prescription.start)} to {feeling_word(prescription.target)}"
        self._recording = self._library.recording(datetime.now().astimezone(), words)
        return self._recording

    def where(self) -> dict[str, str]:
        return {"id": self._recording.id, "library": str(self._library.folder.absolute())}

    def kept(self) -> str:
        return f"among your sessions, as {self._recording.id[:SHOWN]}"

    def to_listen(self, _: SessionRecord) -> str:
        return (
            'It is kept among your sessions. To listen, open "My sessions" in the window, or: '
            f"musicmed library export {self._recording.id[:SHOWN]} --to session.mp3"
        )


def _conclude(end: SessionFinished | SessionFailed, kept_in: _Folder | _Library, on_stderr: bool) -> int:
    """Say how it ended and where the music is; returns the exit code."""
    from musicmed_desktop.session.events import SessionFailed

    if isinstance(end, SessionFailed):
        complain(f"{end.error} {_kept(end.record, kept_in)}".strip())
        return REFUSED
    if end.record is None:
        complain("Stopped before the first step was finished; nothing is kept.")
        return STOPPED
    if end.shortened:
        complain(f"Stopped. {_kept(end.record, kept_in)}")
        return STOPPED
    length = clock(end.record.audio.duration_s)
    click.echo(f"Done: {length} minutes of music. {kept_in.to_listen(end.record)}", err=on_stderr)
    return 0


def _kept(record: SessionRecord | None, kept_in: _Folder | _Library) -> str:
    if record is None:
        return ""
    length = clock(record.audio.duration_s)
    return f"What was finished, {length} minutes, is kept as a shorter session {kept_in.kept()}."
