"""Zip files from anywhere: looked through before anything is unpacked, and never unpacked by their own names."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.files import BLOCK
from musicmed_desktop.engines.models.headers import BoundedFile
from musicmed_desktop.engines.models.names import RESERVED
from musicmed_desktop.engines.models.pieces import Piece
from musicmed_desktop.errors import UserError

_MOST = 10_000  # members
_SWELL = 50  # times; weights hardly shrink, and the largest tokenizer to a fifth
_ENCRYPTED = 0x1 | 0x40


@contextmanager
def opened_archive(file: Path) -> Iterator[list[Piece]]:
    """The files in a zip file; their contents can be read as long as it is open.

    Raises UserError where it is damaged, and where anything in it is not as an honest program packs a model: names that
    lead elsewhere or mean the same file, links, passwords, contents that swell without end.
    """
    with ExitStack() as stack:
        archive = _read_directory(file, stack)
        members = archive.infolist()
        _check(file, members)
        yield [
            Piece(member.filename, member.file_size, partial(_unpacked, file, archive, member))
            for member in members
            if not member.is_dir()
        ]


def _read_directory(file: Path, stack: ExitStack) -> ZipFile:
    try:
        return stack.enter_context(ZipFile(stack.enter_context(BoundedFile(file))))
    except OSError as error:
        raise unreadable(file, error) from error
    except Exception as error:  # zipfile raises whatever a file that is none leads it to
        raise _damaged(file, "it cannot be read", str(error)) from error


def _check(file: Path, members: list[ZipInfo]) -> None:
    if len(members) > _MOST:
        raise _hostile(file, f"holds {len(members)} files")
    seen = set()
    for member in members:
        _check_member(file, member)
        same = unicodedata.normalize("NFC", member.filename.rstrip("/")).casefold()
        if same in seen:
            raise _hostile(file, f"holds {_shown(member)} twice")
        seen.add(same)
    size = file.stat().st_size
    if sum(member.compress_size for member in members) > size:
        raise _damaged(file, "it says to hold more than it does")
    if sum(member.file_size for member in members) > _SWELL * size:
        raise _hostile(file, "would swell to many times its size")


def _check_member(file: Path, member: ZipInfo) -> None:
    if why := _wrong_name(member.orig_filename):
        raise _hostile(file, f"holds {_shown(member)}, {why}")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _hostile(file, f"holds {_shown(member)}, which is a link")
    if member.is_dir() and (member.file_size or member.compress_size):
        raise _hostile(file, f"holds {_shown(member)}, a folder with contents of its own")
    if member.flag_bits & _ENCRYPTED:
        raise UserError(f"The zip file {file} is locked with a password.", "Unpack it, and choose the folder.")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UserError(f"The zip file {file} is packed in an unusual way.", "Unpack it, and choose the folder.")


def _wrong_name(name: str) -> str:
    """Why a member cannot have this name on every system; empty where it can."""
    parts = name.removesuffix("/").split("/")
    if "\\" in name or ":" in name or not parts[0] or ".." in parts:
        return "a path that leads out of it"
    if not name.isprintable() or any(part in ("", ".") or part.endswith((".", " ")) for part in parts):
        return "which is no name of a file"
    if any(RESERVED.fullmatch(part) for part in parts):
        return "a name that Windows keeps for itself"
    return ""


def _unpacked(file: Path, archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """The contents; zipfile compares their CRC, and gives no more than was declared."""
    given = 0
    try:
        with archive.open(member) as content:
            while block := content.read(BLOCK):
                given += len(block)
                yield block
    except OSError as error:
        raise unreadable(file, error) from error
    except Exception as error:  # zipfile and zlib raise whatever damage leads them to
        raise _damaged(file, f"{_shown(member)} cannot be unpacked", str(error)) from error
    if given != member.file_size:
        raise _damaged(file, f"{_shown(member)} is cut off")


def _shown(member: ZipInfo) -> str:
    return ascii(member.orig_filename)[1:-1][:100]


def _damaged(file: Path, why: str, detail: str = "") -> UserError:
    return UserError(f"The zip file {file} is damaged: {why}.", "Copy or download it again.", detail)


def _hostile(file: Path, what: str) -> UserError:
    hint = "Ask whoever made it for another one, or for the folder itself."
    return UserError(f"The zip file {file} {what}; it is not used.", hint)
