"""A model's licence: shown in plain words, and asked for once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.outcome import complain
from musicmed_desktop.cli.table import paragraph
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.licences import NotAcceptedError
    from musicmed_desktop.engines.models.store import Store

accept_option = click.option("--accept-licence", is_flag=True, help="Accept the model's licence without being asked.")


def agree(store: Store, licence: str, accepted: bool) -> None:
    """See to it that the licence is accepted, and kept on record; asks on a terminal.

    Raises UserError where there is nobody to ask, or where they say no.
    """
    from musicmed_desktop.engines.models.licences import NotAcceptedError, accept, require_accepted

    try:
        require_accepted(store, licence)
    except NotAcceptedError as error:
        terms = error.licence
        complain(f"Licence: {terms.title}\n{paragraph(terms.summary)}\n{terms.url}")
        if not accepted:
            _ask(error)
        accept(store, licence)


def _ask(error: NotAcceptedError) -> None:
    if not sys.stdin.isatty():
        raise UserError(error.title, "Where you agree to the licence, add --accept-licence.") from error
    if not click.confirm("Do you accept this licence?", err=True):
        raise UserError("Without its licence the model cannot be used.", "Nothing was changed.") from error
