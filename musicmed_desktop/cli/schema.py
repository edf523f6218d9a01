"""`musicmed schema`: the published form of the documents."""

from __future__ import annotations

import click

from musicmed_desktop.cli.table import print_json


@click.command()
@click.argument("document", type=click.Choice(["prescription", "session"]))
def schema(document: str) -> None:
    """Print the JSON schema of a document.

    "prescription" is what --prescription reads, "session" is the session.json that a composed session has.
    """
    if document == "prescription":
        from musicmed_desktop.plan import Prescription

        print_json(Prescription.json_schema())
    else:
        from musicmed_desktop.session.record import json_schema

        print_json(json_schema())
