"""`musicmed doctor`: what is there, what is missing, and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.table import print_json

if TYPE_CHECKING:
    from musicmed_desktop.doctor import Finding

_SIGNS = {"ok": "ok      ", "note": "note    ", "missing": "MISSING "}


@click.command(short_help="Look at this computer: what is missing, and what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> int:
    """Look at this computer: versions, sound devices, what is missing and what to do.

    The exit code is 1 when something is missing that composing needs.
    """
    from musicmed_desktop.doctor import examine

    findings = list(examine()) if as_json else list(_told(examine()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    return int(any(finding.status == "missing" for finding in findings))


def _told(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Print each finding as soon as it is made."""
    for finding in findings:
        click.echo(f"{_SIGNS[finding.status]}{finding.name}: {finding.text}")
        if finding.hint:
            click.echo(textwrap.indent(textwrap.fill(finding.hint, 80), " " * 10))
        yield finding
