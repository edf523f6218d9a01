"""What is written down about a model beside its files, so that a flipped byte or a lost file is found for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from musicmed_desktop.disk import unreadable, unwritable, write_whole
from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.errors import UserError

MANIFEST = "musicmed.json"
Kind = Literal["model", "adapter", "evaluation"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _inside(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise ValueError("a path that leads out of the model's folder")
    return path


InnerPath = Annotated[str, AfterValidator(_inside)]


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
    title: str = ""
    source: str = ""
    licence: str = ""
    base: str = ""
    installed: datetime = Field(default_factory=lambda: datetime.now(UTC))
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
    """What is written down about the model in `folder`; None where nothing is. Raises UserError where it is damaged."""
    file = folder / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(file, error) from error
    except ValidationError as error:
        raise UserError(
            f"The record of the model {folder.name} is damaged.",
            "Remove the model, then download or import it again.",
            f"{file}: {error.errors()[0]['msg']}",
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Raises UserError where the disk refuses."""
    file = folder / MANIFEST
    try:
        write_whole(file, manifest.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise unwritable(file, error) from error
