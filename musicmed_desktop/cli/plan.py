"""`musicmed plan`: what a session would do, without composing it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.options import SEEDS, prescribed, seed_option
from musicmed_desktop.cli.table import clock, print_json, print_table, signed

if TYPE_CHECKING:
    from musicmed_desktop.plan import Plan, Prescription, Step


@click.command()
@prescribed
@seed_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(prescription: Prescription, seed: int | None, as_json: bool) -> None:
    """Show the steps of a session without composing it."""
    from musicmed_desktop.plan import build_plan, plan_to_dict

    planned = build_plan(prescription, secrets.randbelow(SEEDS) if seed is None else seed)
    if as_json:
        print_json(plan_to_dict(planned))
    else:
        _print(planned)


def _print(plan: Plan) -> None:
    """One row for each run of equal steps: the plateaus are what a person wants to see."""
    runs = [list(run) for _, run in groupby(plan.steps, key=lambda step: (step.phase, step.target, step.prompt))]
    print_table(("steps", "from", "to", "phase", "mood", "valence", "arousal", "music"), map(_row, runs))
    click.echo(f"{len(plan.steps)} steps, {clock(plan.seconds)} minutes, seed {plan.seed}.")


def _row(run: Sequence[Step]) -> tuple[str, ...]:
    first, last = run[0], run[-1]
    return (
        f"{first.index + 1}-{last.index + 1}" if len(run) > 1 else str(first.index + 1),
        clock(first.start_s),
        clock(last.end_s),
        first.phase,
        first.mood,
        signed(first.target.valence),
        signed(first.target.arousal),
        first.prompt.text,
    )
