"""`musicmed schema`: the published form of the documents."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("document", type=click.Choice(["prescription", "session"]))
def schema(document: str) -> None:
    """Print the JSON schema of a document.

    "prescription" is what --prescription reads, "session" is the session.json that a composed session has.
    """
    if document == "prescription":
        from musicmed_desktop.plan import Prescription

        click.echo(json.dumps(Prescription.json_schema(), indent=2))
    else:
        from musicmed_desktop.session.record import json_schema

        click.echo(json_schema().rstrip())
