"""What an exported model lies in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from musicmed_desktop.amounts import amount
from musicmed_desktop.disk import unwritable
from musicmed_desktop.engines.models.archives import opened_archive
from musicmed_desktop.engines.models.files import BLOCK, copied
from musicmed_desktop.engines.models.folders import pieces_in
from musicmed_desktop.engines.models.pieces import Piece
from musicmed_desktop.engines.models.progress import Meter
from musicmed_desktop.errors import UserError

Put = Callable[[Piece, Meter], str]  # writes a piece; its SHA-256
_FAT32 = 2**32 - 1  # bytes of the largest file (Microsoft, FAT32 File System Specification 1.03)
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows: the same model makes the same file
_UNIX, _READABLE = 3, 0o100644 << 16


class Parcel(Protocol):
    def written(self) -> AbstractContextManager[Put]: ...

    def hashes(self, meter: Meter) -> dict[str, str]:
        """The SHA-256 of each file, read from the disk."""
        ...


@dataclass(frozen=True)
class FolderParcel:
    folder: Path

    @contextmanager
    def written(self) -> Iterator[Put]:
        yield lambda piece, meter: copied(piece.read(), self.folder / piece.path, meter)

    def hashes(self, meter: Meter) -> dict[str, str]:
        for file in self.folder.rglob("*"):
            _forget(file)
        return {piece.path: piece.hashed(meter) for piece in pieces_in(self.folder)}


@dataclass(frozen=True)
class ZipParcel:
    """One zip file with one folder, not compressed: weights hardly shrink."""

    file: Path
    name: str

    @contextmanager
    def written(self) -> Iterator[Put]:
        with self.file.open("xb") as target:
            with ZipFile(target, "w", ZIP_STORED) as archive:
                yield lambda piece, meter: self._put(archive, piece, meter)
            target.flush()
            os.fsync(target.fileno())

    def hashes(self, meter: Meter) -> dict[str, str]:
        _forget(self.file)
        with opened_archive(self.file) as pieces:
            return {piece.path.removeprefix(f"{self.name}/"): piece.hashed(meter) for piece in pieces}

    def _put(self, archive: ZipFile, piece: Piece, meter: Meter) -> str:
        member, digest = ZipInfo(f"{self.name}/{piece.path}", _DATE), sha256()
        member.file_size, member.create_system, member.external_attr = piece.size, _UNIX, _READABLE
        with archive.open(member, "w") as content:
            for block in piece.read():
                content.write(block)
                digest.update(block)
                meter.count(len(block))
        return digest.hexdigest()


@contextmanager
def fits_disk(working: Path, pieces: list[Piece]) -> Iterator[None]:
    """Says what to do where the disk refuses, above all where it takes no large files, as most sticks."""
    try:
        yield
    except (UserError, OSError) as error:
        refusal = error if isinstance(error, OSError) else error.__cause__
        if isinstance(refusal, OSError) and _is_too_large(refusal, working):
            raise _too_large(working.parent, pieces) from error
        if isinstance(error, OSError):
            raise unwritable(working.parent / pieces[0].path, error) from error
        raise


def _is_too_large(error: OSError, working: Path) -> bool:
    sizes = [file.stat().st_size for file in working.rglob("*") if file.is_file()]
    return error.errno == errno.EFBIG or max(sizes, default=0) > _FAT32 - 2 * BLOCK


def _too_large(folder: Path, pieces: list[Piece]) -> UserError:
    largest = max(piece.size for piece in pieces)
    other = "a stick or disk that is formatted as exFAT"
    return UserError(
        f"The disk that holds {folder} does not take files as large as this.",
        f"Export to {other}." if largest > _FAT32 else f"Export as a folder instead of a zip file, or to {other}.",
        f"The largest file has {amount(largest)}; a disk formatted as FAT32 takes 4.3 GB.",
    )


def _forget(file: Path) -> None:
    """Have the system read the file from the disk again, where it can be asked to."""
    if not hasattr(os, "posix_fadvise") or not file.is_file():
        return
    with suppress(OSError), file.open("rb") as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
