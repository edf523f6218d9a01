"""Under which licences models come, in plain words, and the record of what was accepted when."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from musicmed_desktop.disk import unreadable, unwritable, write_whole
from musicmed_desktop.engines.models.manifest import Moment
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError

RECORD = "licences.json"


@dataclass(frozen=True)
class Licence:
    """`summary` is ours, in plain words; `url` leads to the licence itself. Where `must_accept`, a model comes here
    only after a person has accepted it; `version` counts up when the summary says something else, to be accepted anew.
    """

    id: str
    title: str
    summary: str
    url: str
    must_accept: bool
    version: int = 1


_LICENCES = (
    Licence(
        "CC-BY-NC-4.0",
        "Creative Commons Attribution-NonCommercial 4.0 International",
        "You may use this model, copy it, change it and pass it on, as long as that is not primarily intended for or "
        "directed towards commercial advantage or monetary compensation. Listening for yourself, or in care that is "
        "not sold, is such a use; a business is not. If you are paid for your care, ask who advises you whether this "
        "licence allows what you do. When you pass the model on, give credit to its makers, keep this licence with it, "
        "and say what you have changed. It comes without any warranty. This is a summary: what counts is the licence.",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        must_accept=True,
    ),
    Licence(
        "Apache-2.0",
        "Apache License, Version 2.0",
        "You may use this model for any purpose, copy it, change it and pass it on. When you pass it on, keep the "
        "licence and its notices with it, and say what you have changed. It comes without any warranty. This is a "
        "summary: what counts is the licence.",
        "https://www.apache.org/licenses/LICENSE-2.0",
        must_accept=False,
    ),
)


class NotAcceptedError(UserError):
    """A model comes under a `licence` that nobody has accepted here yet."""

    def __init__(self, licence: Licence) -> None:
        super().__init__(
            f"The licence {licence.id} has not been accepted yet.",
            f"Read it at {licence.url} and accept it; that is asked only once.",
        )
        self.licence = licence


class _Accepted(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: int
    at: Moment


class _Record(RootModel[dict[str, _Accepted]]):
    """By the licence's id."""


def find_licence(id: str) -> Licence:
    """Raises UserError where it is not known."""
    found = next((licence for licence in _LICENCES if licence.id == id), None)
    if found is None:
        known = " and ".join(licence.id for licence in _LICENCES)
        raise UserError(f"The licence {id!r:.100} is not known.", f"Known are {known}.")
    return found


def require_accepted(store: Store, id: str) -> None:
    """Raises NotAcceptedError unless the licence is accepted, or free, or "" because none is known."""
    if not id:
        return
    licence = find_licence(id)
    if licence.must_accept and accepted(store, id) is None:
        raise NotAcceptedError(licence)


def accepted(store: Store, id: str) -> datetime | None:
    """When the licence, as it reads now, was accepted here; None where it was not, or the record of it is damaged.

    Raises UserError where the licence is not known, or the record may not be read.
    """
    licence, record = find_licence(id), _read(_file(store))
    found = record.root.get(id) if record else None
    return found.at if found and found.version == licence.version else None


def accept(store: Store, id: str) -> None:
    """Write down that a person has accepted the licence now; once is enough. A damaged record is put aside, not lost.

    Raises UserError where the licence is not known, or the disk refuses. Where two programs write at the very same
    moment, one acceptance may be lost, and is asked for again.
    """
    if accepted(store, id):
        return
    file, now = _file(store), _Accepted(version=find_licence(id).version, at=datetime.now(UTC))
    record = _read(file)
    if record is None:
        _put_aside(file)
    record = _Record({**(record.root if record else {}), id: now})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, record.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise unwritable(file, error) from error


def _file(store: Store) -> Path:
    return store.folder / RECORD


def _read(file: Path) -> _Record | None:
    """The record, empty where there is none yet; None where it is damaged."""
    try:
        return _Record.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return _Record({})
    except OSError as error:
        raise unreadable(file, error) from error
    except ValidationError:
        return None


def _put_aside(file: Path) -> None:
    with suppress(OSError):  # at the worst it is overwritten
        file.replace(file.with_suffix(".damaged.json"))
