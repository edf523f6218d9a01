"""The root of the command line, with its commands.

The commands' modules import nothing heavy; each does so when it runs, so that help appears at once.
"""

from __future__ import annotations

import click

from musicmed_desktop import __version__
from musicmed_desktop.cli.bench import bench
from musicmed_desktop.cli.compose import compose
from musicmed_desktop.cli.doctor import doctor
from musicmed_desktop.cli.evaluate import evaluate
from musicmed_desktop.cli.library import library
from musicmed_desktop.cli.models import models
from musicmed_desktop.cli.moods import moods
from musicmed_desktop.cli.plan import plan
from musicmed_desktop.cli.recognize import recognize
from musicmed_desktop.cli.schema import schema
from musicmed_desktop.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="MusicMed Desktop", message="%(prog)s %(version)s")
@click.option("--offline", is_flag=True, help="Never use the network, not even to download a music model.")
@click.pass_context
def musicmed(context: click.Context, offline: bool) -> None:
    """Music that meets your mood and walks with it.

    MusicMed Desktop composes a piece of about 15 minutes that starts where you are and moves, step by step,
    to where you would like to be. It is meant as relief between sessions with a therapist; it is no treatment,
    and no effect is promised.

    \b
    To begin:
      musicmed compose --from anxious --to calm --out my-session
    """
    context.obj = offline  # for the one command that uses the network


for _command in (compose, library, plan, moods, recognize, models, bench, train, evaluate, doctor, schema):
    musicmed.add_command(_command)
