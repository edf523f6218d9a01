"""The command, and how an evaluation ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.evaluate.options import asked
from musicmed_desktop.cli.interruption import interruptible
from musicmed_desktop.cli.outcome import STOPPED, complain

if TYPE_CHECKING:
    from musicmed_desktop.cli.evaluate.options import Options


@click.command(short_help="Tell how well music fits its moods: models, adapters, the composer, a folder.")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="A folder for the results and the report; the same command goes on in it.",
)
@asked
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON; progress goes to stderr.")
def evaluate(folder: Path, options: Options, as_json: bool) -> int:
    """Tell how well music fits the moods that it was made for.

    What is compared makes the same clips: moods, times instruments, times seeds. They are heard by the recognizer of
    this program and by CLAP; each model with an adapter is compared with the model alone. The folder gets a report
    that any browser shows, the table as Markdown and CSV, and all results as JSON. What is stopped or killed goes on
    when the same command is given again.

    \b
    Examples:
      musicmed evaluate --builtin --no-clap --out composer
      musicmed evaluate --model musicgen-small --adapter my-adapter --out tuned
      musicmed evaluate --model musicgen-small --adapter my-adapter --walks 4 --reference music --out tuned
      musicmed evaluate --clips my-music --intended moods.tsv --out mine
    """
    from musicmed_desktop.cli.needs import require_evaluation

    require_evaluation()
    from musicmed_desktop.cli.evaluate.asking import request_of
    from musicmed_desktop.cli.evaluate.following import show
    from musicmed_desktop.cli.progress import waiting
    from musicmed_desktop.evaluation.events import Stopped

    with waiting("Looking at what is asked", on_stderr=as_json):
        request = request_of(options)
        from musicmed_desktop.cli.evaluate.telling import tell  # with the statistics, which take seconds to load
        from musicmed_desktop.evaluation.run import evaluate as begin
    with interruptible() as stopped:
        end = show(begin(request, folder, stopped), request, on_stderr=as_json)
    if isinstance(end, Stopped):
        complain("Stopped. What was heard is kept: give the same command again to go on.")
        return STOPPED
    tell(end, as_json)
    return 0
