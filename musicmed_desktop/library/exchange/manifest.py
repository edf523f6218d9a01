"""manifest.json: what kind of file this is, who wrote it, and what each member must be."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from musicmed_desktop import __version__
from musicmed_desktop.library.exchange.documents import Document, parsed, read_document

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Program(Document):
    name: str = Field(max_length=100)
    version: str = Field(max_length=100)


THIS_PROGRAM = Program(name="musicmed-desktop", version=__version__)


class Member(Document):
    size: int = Field(ge=0)
    sha256: Digest


class Manifest(Document):
    format: Literal["musicmed-session"]
    schema_version: Literal[1]
    application: Program
    files: dict[str, Member]


def manifest_bytes(files: Mapping[str, bytes]) -> bytes:
    members = {name: Member(size=len(content), sha256=digest(content)) for name, content in files.items()}
    manifest = Manifest(format="musicmed-session", schema_version=1, application=THIS_PROGRAM, files=members)
    return manifest.model_dump_json(indent=2).encode()


def check_manifest(content: bytes, files: Mapping[str, bytes]) -> None:
    """Raises ValueError where `files` are not what the manifest says; UserError where a newer version wrote it."""
    members = parsed(Manifest, read_document(content)).files
    if members.keys() != files.keys():
        raise ValueError("there are other files than the manifest says")
    for name, member in members.items():
        if (member.size, member.sha256) != (len(files[name]), digest(files[name])):
            raise ValueError(f"{name} is not what the manifest says")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()
