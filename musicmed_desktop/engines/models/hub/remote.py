"""A file on the hub, as the hub describes it, held against what the catalogue knows and what then arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from musicmed_desktop.engines.models.catalogue import Source, Wanted
from musicmed_desktop.engines.models.hub.complaints import interfered, other_file, wrong_length
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from httpx2 import Response
    from huggingface_hub.hf_api import RepoSibling

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")  # RFC 9110, 14.4


@dataclass(frozen=True)
class Remote:
    """`path` is where it goes inside the model's folder, with / between its parts; `size` is in bytes.

    `sha256` is the catalogue's or the hub's; the hub knows it of large files, and of the others only `blob`, the SHA-1
    of the file as git stores it. Both are in lower-case hex, and empty where they are not known; one of them is.
    """

    path: str
    url: str
    size: int
    sha256: str = ""
    blob: str = ""

    @property
    def mark(self) -> str:
        """What tells this version of the file from others."""
        return (self.sha256 or self.blob)[:12]


def expected(source: Source, wanted: Wanted, found: RepoSibling | None, url: str) -> Remote:
    """The file that is `wanted`, as it was `found` on the hub.

    Raises UserError where it is not there, or is not the one that the catalogue knows.
    """
    if found is None:
        raise other_file(wanted.path, f"{source.repository}@{source.revision} has no such file")
    sha256 = found.lfs.sha256 if found.lfs else ""
    size = found.lfs.size if found.lfs else found.size
    if size is None or not (sha256 or found.blob_id):
        raise interfered(f"{url}: neither size nor hash")
    if wanted.size not in (None, size):
        raise other_file(wanted.path, f"{size} bytes, not {wanted.size}")
    if wanted.sha256 and sha256 and wanted.sha256 != sha256:
        raise other_file(wanted.path, f"SHA-256 {sha256}, not {wanted.sha256}")
    path = _inside(source.folder, wanted.path)
    return Remote(path, url, size, wanted.sha256 or sha256, "" if sha256 else found.blob_id or "")


def first_byte(answer: Response, remote: Remote, begin: int) -> int:
    """Where in the file the answer's bytes begin: at `begin`, or at 0.

    Raises UserError where it is the answer of another file, RemoteProtocolError where it begins elsewhere.
    """
    from httpx2 import RemoteProtocolError

    of_hub = answer.history[0] if answer.history else answer
    tag = (of_hub.headers.get("X-Linked-Etag") or of_hub.headers.get("ETag") or "").removeprefix("W/").strip('"')
    if re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", tag) and tag not in (remote.sha256, remote.blob):
        raise other_file(remote.path, f"its ETag is {tag}")
    if answer.status_code != 206:
        return _whole(answer, remote)
    span = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if span is None or int(span[1]) not in (begin, 0):
        raise RemoteProtocolError(f"bytes from {begin} were asked for, Content-Range is {span and span[0]}")
    if span[2] not in ("*", str(remote.size)):
        raise wrong_length(remote.path, f"{span[2]} bytes, not {remote.size}")
    return int(span[1])


def _whole(answer: Response, remote: Remote) -> int:
    length = answer.headers.get("Content-Length", str(remote.size))
    if length != str(remote.size):
        raise wrong_length(remote.path, f"{length} bytes, not {remote.size}")
    return 0


def _inside(folder: str, path: str) -> str:
    """`path` inside `folder`. Raises UserError where it leads out of it, on any system."""
    whole = PurePosixPath(folder, path)
    if whole.is_absolute() or ".." in whole.parts or not whole.parts or re.search(r"[\\:\0]", str(whole)):
        raise UserError(f"{path!r:.100} cannot be the name of a model's file.", "Nothing was downloaded.")
    return str(whole)
