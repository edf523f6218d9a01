"""What is written down about a model beside its files, so that a flipped byte or a lost file is found for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from musicmed_desktop.disk import unreadable, unwritable, write_whole
from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.engines.models.wording import plain
from musicmed_desktop.errors import UserError

MANIFEST = "musicmed.json"
Kind = Literal["model", "adapter", "evaluation"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _inside(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise ValueError("a path that leads out of the model's folder")
    if not path.isprintable():
        raise ValueError("a path that cannot be shown")
    return path


def _shown_by_clocks(moment: datetime) -> datetime:
    """Others cannot be turned into this computer's time; 1970 is what a computer says that has lost its own."""
    if not 1970 <= moment.year < 9999:
        raise ValueError("a date that no clock shows")
    return moment


InnerPath = Annotated[str, AfterValidator(_inside)]
Moment = Annotated[datetime, AfterValidator(_shown_by_clocks)]
Words = Annotated[str, AfterValidator(plain)]


class ManifestFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    path: InnerPath
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(BaseModel):
    """`source` says where it came from, in words; `licence` is an id of the catalogue's licences, empty where it is not
    known; `base` is the model that an adapter was made for, as its maker wrote it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    name: str
    kind: Kind
    title: Words = ""
    source: Words = ""
    licence: Words = ""
    base: Words = ""
    installed: Moment = Field(default_factory=lambda: datetime.now(UTC))
    files: tuple[ManifestFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def listed(files: list[StoredFile]) -> tuple[ManifestFile, ...]:
    """The files as a manifest has them, by name."""
    ordered = sorted(files, key=lambda file: file.path)
    return tuple(ManifestFile(path=file.path, size=file.size, sha256=file.sha256) for file in ordered)


def read_manifest(folder: Path) -> Manifest | None:
    """What is written down about the model in `folder`; None where nothing is. Raises UserError where it is damaged, or
    was written by a newer version of this app."""
    file = folder / MANIFEST
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(file, error) from error
    return parsed(content, f"the model {plain(folder.name)}", "Remove the model, then download or import it again.")


def parsed(content: bytes, what: str, mend: str) -> Manifest:
    """The manifest of `what`, a few words; `mend` says what to do where it is damaged.

    Raises UserError where it is, or where a newer version of this app wrote it.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        wrong = error.errors()
        detail = f"{MANIFEST}: {wrong[0]['msg']}"
        if any(each["loc"] == ("format",) and _is_later(each["input"]) for each in wrong):
            title = f"The record of {what} was written by a newer version of this app."
            raise UserError(title, "Use that version; nothing is wrong with the model.", detail) from error
        raise UserError(f"The record of {what} is damaged.", mend, detail) from error


def _is_later(format: object) -> bool:
    return isinstance(format, int) and format > 1


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Raises UserError where the disk refuses."""
    file = folder / MANIFEST
    try:
        write_whole(file, manifest.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise unwritable(file, error) from error
