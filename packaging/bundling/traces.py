"""Paths of the build machine in a finished bundle: they tell who built it where, and lead nowhere on other computers.

Every file is looked through as it lies there, and what is packed in PyInstaller's archives, zip files and compressed
files is unpacked first. Compiled code needs no more than that: marshal writes text as it is.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import struct
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from PyInstaller.archive.readers import ArchiveReadError, CArchiveReader

_BLOCK = 1 << 24  # bytes read at once
_AROUND = 80  # bytes shown behind a finding
_UNPACK: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b\x08": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\x00": lzma.decompress,
}
_ZIP = b"PK\x03\x04"
_ARCHIVE = b"MEI\x0c\x0b\x0a\x0b\x0e"  # marks the end of PyInstaller's archive, which is appended to the program

# Accounts under which images and services build everybody's software: their homes stand in others' finished libraries,
# and tell nothing of this machine.
_SHARED_HOMES = frozenset({"builder", "containeradministrator", "root", "runner", "runneradmin"})
# Where Python lies on everybody's machine.
_SHARED_PYTHONS = re.compile(r"/usr|/usr/local|/Library/Frameworks/Python\.framework/.*")


@dataclass(frozen=True)
class Trace:
    """A path of the build machine: in which file, for packed ones with the name inside, and the text found there."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def forbidden(checkout: Path, environment: Path) -> tuple[str, ...]:
    """The paths that no bundle may hold: the checkout, the environment, the Python that this runs on and the folder
    that it was compiled in, and the home folder; these three where they are not the same on everybody's machine."""
    paths = [checkout, environment]
    if not _SHARED_PYTHONS.fullmatch(sys.base_prefix):
        compiled_in = (sysconfig.get_config_var(name) for name in ("abs_builddir", "abs_srcdir"))  # None on Windows
        paths += [Path(sys.base_prefix), *(Path(folder) for folder in compiled_in if folder)]
    if Path.home().name.lower() not in _SHARED_HOMES:
        paths.append(Path.home())
    return tuple(sorted({str(path) for given in paths for path in (given, given.resolve())}))


def find(root: Path, forbidden: Collection[str]) -> list[Trace]:
    """Where the forbidden paths stand in the folder `root`, once for each path and file; empty if they nowhere do."""
    needles = _needles(forbidden)
    found: list[Trace] = []
    for path in sorted(root.rglob("*")):
        where = path.relative_to(root).as_posix()
        if path.is_symlink():
            found += _traces(where, needles, os.fsencode(path.readlink()))
        elif path.is_file():
            found += _in_file(where, path, needles)
    return found


def _in_file(where: str, path: Path, needles: Collection[bytes]) -> Iterator[Trace]:
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith((_ZIP, *_UNPACK)):
        yield from _in_packed(where, path.read_bytes(), needles)
        return
    archive = False
    for block in _blocks(path, max(map(len, needles))):
        archive = archive or _ARCHIVE in block
        yield from _traces(where, needles, block)
    if archive:
        yield from _in_program(where, path, needles)


def _in_packed(where: str, data: bytes, needles: Collection[bytes]) -> Iterator[Trace]:
    if data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for info in packed.infolist():
                yield from _in_packed(f"{where}, {info.filename}", packed.read(info), needles)
        return
    unpack = next((unpack for start, unpack in _UNPACK.items() if data.startswith(start)), bytes)
    try:
        yield from _traces(where, needles, unpack(data))
    except (OSError, EOFError, lzma.LZMAError):  # it only begins like a packed one
        yield from _traces(where, needles, data)


def _in_program(where: str, path: Path, needles: Collection[bytes]) -> Iterator[Trace]:
    """In the archive of modules in PyInstaller's program."""
    try:
        archive = CArchiveReader(str(path))
    except (ArchiveReadError, OSError, struct.error):  # the same eight bytes stand in another's file
        return
    for name, entry in archive.toc.items():
        yield from _traces(f"{where}, {name}", needles, archive.extract(name))
        if entry[-1] == "z":
            modules = archive.open_embedded_archive(name)
            for module in modules.toc:
                yield from _traces(f"{where}, {module}", needles, modules.extract(module, raw=True) or b"")


def _traces(where: str, needles: Collection[bytes], data: bytes) -> Iterator[Trace]:
    folded = data.lower()
    for needle in needles:
        at = folded.find(needle)
        if at >= 0:
            yield Trace(where, _readable(data[at : at + len(needle) + _AROUND], len(needle)))


def _readable(data: bytes, at_least: int) -> str:
    """The text up to the first byte that is none; UTF-16 without its zeros."""
    if data[1:2] == b"\0":
        data, at_least = data[::2], at_least // 2
    text = data.decode("ascii", "replace")
    end = next((i for i, letter in enumerate(text) if i >= at_least and not letter.isprintable()), len(text))
    return text[:end]


def _needles(forbidden: Collection[str]) -> list[bytes]:
    """The ways in which a path is written: as it is, with slashes, as a URL, in JSON; as UTF-8 and as UTF-16."""
    spelled: set[str] = set()
    for path in forbidden:
        pure = PureWindowsPath(path) if "\\" in path else PurePosixPath(path)
        spelled |= {path, pure.as_posix(), path.replace("\\", "\\\\"), pure.as_uri().removeprefix("file://")}
    return sorted({text.lower().encode(coding) for text in spelled for coding in ("utf-8", "utf-16-le")})


def _blocks(path: Path, overlap: int) -> Iterator[bytes]:
    """The file's bytes in blocks that overlap, so that no needle is cut in two."""
    with path.open("rb") as file:
        kept = b""
        while block := file.read(_BLOCK):
            yield kept + block
            kept = block[-overlap:]
