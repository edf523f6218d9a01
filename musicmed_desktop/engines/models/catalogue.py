"""The models that can be had: what each is in plain words, what it needs, and the files of which commit it is made of.

Sizes and SHA-256 are those that the hub lists at the pinned revisions; where it lists a size only roughly, or no hash,
none is written down, and what arrives is held against what the hub says of that very commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, StringConstraints

from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.engines.models.manifest import Kind, Sha256
from musicmed_desktop.engines.models.pieces import is_weights
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import resource

_STRICT = ConfigDict(extra="forbid")
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_Path = Annotated[str, StringConstraints(pattern=rf"^{_PART}(/{_PART})*$")]
_Commit = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]


@dataclass(frozen=True)
class Wanted:
    """A file of a repository, with / between the parts of its path; `size` in bytes and `sha256` may not be known."""

    __pydantic_config__ = _STRICT

    path: _Path
    size: PositiveInt | None = None
    sha256: Sha256 = ""


@dataclass(frozen=True)
class Source:
    """Files of one commit of a repository of the hub, and the `folder` inside the model's own where they go."""

    __pydantic_config__ = _STRICT

    repository: Annotated[str, StringConstraints(pattern=rf"^{_PART}/{_PART}$")]
    revision: _Commit
    files: Annotated[tuple[Wanted, ...], Field(min_length=1)]
    folder: _Path = ""


@dataclass(frozen=True)
class Entry:
    """`memory` is what it needs at the most while it is used, `download` what is to be fetched, nearly, both in bytes;
    `licence` is an id of `licences`, `base` the model that an adapter was made for."""

    __pydantic_config__ = _STRICT

    name: str
    kind: Kind
    title: str
    summary: str
    licence: str
    memory: PositiveInt
    download: PositiveInt
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    base: str = ""

    @property
    def files(self) -> tuple[Wanted, ...]:
        """All of its files, by their places in the model's folder."""
        return tuple(
            replace(wanted, path=f"{source.folder}/{wanted.path}" if source.folder else wanted.path)
            for source in self.sources
            for wanted in source.files
        )


class _Catalogue(BaseModel):
    model_config = _STRICT

    about: str
    models: tuple[Entry, ...]


@cache
def catalogue() -> tuple[Entry, ...]:
    """All that there is, the smaller first."""
    return _Catalogue.model_validate_json(resource("models.json").read_bytes()).models


def entry_named(name: str) -> Entry | None:
    """None where there is none of that name."""
    return next((entry for entry in catalogue() if entry.name == name), None)


def find_entry(name: str) -> Entry:
    """Raises UserError where there is none of that name."""
    found = entry_named(name)
    if found is None:
        names = ", ".join(entry.name for entry in catalogue())
        raise UserError(f"There is no model named {name!r:.100} to be had.", f"There are: {names}.")
    return found


def recognized(files: Iterable[StoredFile]) -> Entry | None:
    """The entry that a model's files are: each hash that the catalogue knows is that of the file in its place.

    None where there is none; nor is an entry ever recognized of which the catalogue does not know the weights.
    """
    here = {file.path: file.sha256 for file in files}
    return next((entry for entry in catalogue() if _is(entry, here)), None)


def _is(entry: Entry, here: dict[str, str]) -> bool:
    known = {file.path: file.sha256 for file in entry.files if file.sha256}
    weights = {file.path for file in entry.files if is_weights(file.path)}
    return weights <= known.keys() and known.items() <= here.items()
