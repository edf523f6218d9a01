"""`musicmed compose`: the main job, a session from one command."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.interruption import interruptible
from musicmed_desktop.cli.maker import made_by
from musicmed_desktop.cli.options import SEEDS, prescribed, seed_option
from musicmed_desktop.cli.outcome import REFUSED, STOPPED, complain
from musicmed_desktop.cli.progress import show, waiting
from musicmed_desktop.cli.table import clock, print_json

if TYPE_CHECKING:
    from musicmed_desktop.audio.files import Format
    from musicmed_desktop.engines import Choice
    from musicmed_desktop.plan import Prescription
    from musicmed_desktop.session.events import SessionFailed, SessionFinished
    from musicmed_desktop.session.record import SessionRecord

FORMATS = ("flac", "wav", "ogg", "mp3")
MAX_TRIES = 16


@click.command()
@prescribed
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder for the session.",
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
@click.option("--json", "as_json", is_flag=True, help="Print the session's record as JSON; progress goes to stderr.")
def compose(
    prescription: Prescription,
    folder: Path,
    force: bool,
    sound: Format,
    choice: Choice,
    tries: int | None,
    seed: int | None,
    as_json: bool,
) -> int:
    """Compose a session and save it in a folder.

    The folder gets the music, session.json (what was planned and measured), trajectory.svg (a drawing of the walk
    from mood to mood) and, from the built-in composer, session.mid (the notes). Ctrl-C stops and keeps what is
    finished.

    \b
    Examples:
      musicmed compose --from anxious --to calm --out evening
      musicmed compose --from=-0.6,0.7 --to calm --minutes 10 --instrument piano --out evening
      musicmed compose --from sad --to hopeful --engine musicgen --model musicgen-small --out morning
    """
    from musicmed_desktop.engines import open_engine
    from musicmed_desktop.plan import build_plan
    from musicmed_desktop.recognition import create_recognizer
    from musicmed_desktop.session.folder import SessionFolder
    from musicmed_desktop.session.runner import SessionRunner

    planned = build_plan(prescription, secrets.randbelow(SEEDS) if seed is None else seed)
    with waiting("Loading what makes the music", on_stderr=as_json):
        engine = open_engine(choice)
    with interruptible() as stopped, SessionFolder(folder, sound, force) as place:
        click.echo(f"Composing {clock(planned.seconds)} minutes, seed {planned.seed}. {engine.about}", err=as_json)
        runner = SessionRunner(planned, engine, create_recognizer(), place, tries=tries, cancelled=stopped)
        end = show(runner.run(), planned, on_stderr=as_json)
    if as_json and end.record:
        print_json(json.loads(end.record.to_json()) | {"dir": str(folder.absolute())})
    return _conclude(end, folder, on_stderr=as_json)


def _conclude(end: SessionFinished | SessionFailed, folder: Path, on_stderr: bool) -> int:
    """Say how it ended and where the files are; returns the exit code."""
    from musicmed_desktop.session.events import SessionFailed

    if isinstance(end, SessionFailed):
        kept = f" {_kept(end.record, folder)}" if end.record else ""
        complain(f"{end.error}{kept}")
        return REFUSED
    if end.record is None:
        complain("Stopped before the first step was finished; nothing is kept.")
        return STOPPED
    if end.shortened:
        complain(f"Stopped. {_kept(end.record, folder)}")
        return STOPPED
    click.echo(
        f"Done: {clock(end.record.audio.duration_s)} minutes of music. To listen, open "
        f"{folder / end.record.audio.path} in any music player; {folder / 'trajectory.svg'} shows the walk.",
        err=on_stderr,
    )
    return 0


def _kept(record: SessionRecord, folder: Path) -> str:
    length = clock(record.audio.duration_s)
    return f"What was finished, {length} minutes, is kept as a shorter session in {folder}."
