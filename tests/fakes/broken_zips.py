"""Zip files that come broken, by chance or by ill will: made of the folder of a whole model."""

from __future__ import annotations

import io
import os
import random
import stat
import struct
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

from tests.fakes.models import zipped

Zipping = Callable[[random.Random, Path, Path], object]
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"

HOSTILE_NAMES = (
    *("../evil", "../../evil", "a/../../../evil", "/etc/evil", "//server/share/evil", "a//evil", "./evil", ".."),
    *("C:/evil", "C:evil", "..\\evil", "a\\..\\..\\evil", "\\evil", "\\\\server\\evil", "evil\\", "evil:stream"),
    *("con", "NUL.txt", "a/com1.safetensors", "LPT9", "evil.", "evil ", "a. /evil", "a/ /b", "ev\nil", "ev\x1b[2Jil"),
    *("config.json/../../../evil", "calm-music/../../../../evil", "ev\u202eil"),
)


def hostile_name(chance: random.Random, folder: Path, file: Path) -> None:
    zipped(folder, file)
    with ZipFile(file, "a") as archive:
        archive.writestr(ZipInfo(chance.choice(HOSTILE_NAMES)), b"evil")


def nul_in_a_name(chance: random.Random, folder: Path, file: Path) -> None:
    """zipfile would cut it off there."""
    zipped(folder, file)
    with ZipFile(file, "a") as archive:
        archive.writestr("evilQ" + chance.choice([".txt", "/../x"]), b"evil")
    file.write_bytes(file.read_bytes().replace(b"evilQ", b"evil\0"))


def link(chance: random.Random, folder: Path, file: Path) -> None:
    """A member that is a link, a device or a pipe, of a new name or of one that is needed."""
    zipped(folder, file)
    member = ZipInfo(chance.choice(["calm-music/README.md", "calm-music/t5-base", "x"]))
    member.create_system = 3
    member.external_attr = (chance.choice([stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK]) | 0o777) << 16
    with ZipFile(file, "a") as archive:
        archive.writestr(member, chance.choice(["/etc/passwd", "../../evil"]))


def twice(chance: random.Random, folder: Path, file: Path) -> None:
    """A name twice, or two names that mean one file on Windows or a Mac."""
    zipped(folder, file)
    name = chance.choice(["config.json", "CONFIG.JSON", "Model.SafeTensors", "tokenizer.json/"])
    with warnings.catch_warnings(), ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(f"calm-music/{name}", b"" if name.endswith("/") else b"{}")


def cut(chance: random.Random, folder: Path, file: Path) -> None:
    zipped(folder, file, packed=chance.random() < 0.2)
    os.truncate(file, chance.randrange(file.stat().st_size))


def flipped(chance: random.Random, folder: Path, file: Path) -> None:
    """A bit of the contents of any file."""
    zipped(folder, file)
    with ZipFile(file) as archive:
        member = chance.choice([member for member in archive.infolist() if member.file_size])
    content = bytearray(file.read_bytes())
    start = member.header_offset + 30 + sum(struct.unpack("<HH", content[member.header_offset + 26 :][:4]))
    content[start + chance.randrange(member.file_size)] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def flipped_when_packed(chance: random.Random, folder: Path, file: Path) -> None:
    zipped(folder, file, packed=True)
    with ZipFile(file) as archive:
        member = archive.getinfo("calm-music/model.safetensors")
    content = bytearray(file.read_bytes())
    content[member.header_offset + 100 + chance.randrange(member.compress_size - 100)] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def locked(_: random.Random, folder: Path, file: Path) -> None:
    """With a password, says the flag of each member."""
    content = zipped(folder, file).read_bytes()
    file.write_bytes(_patched(content, {_CENTRAL: (8, b"\x01\0"), _LOCAL: (6, b"\x01\0")}))


def oddly_packed(chance: random.Random, folder: Path, file: Path) -> None:
    with ZipFile(file, "w", chance.choice([ZIP_BZIP2, ZIP_LZMA])) as archive:
        archive.write(folder / "config.json", "config.json")
    if chance.random() < 0.5:
        method = struct.pack("<H", chance.choice([1, 6, 9, 95, 99]))
        file.write_bytes(_patched(zipped(folder, file).read_bytes(), {_CENTRAL: (10, method), _LOCAL: (8, method)}))


def wrong_crc(chance: random.Random, folder: Path, file: Path) -> None:
    crc = chance.randbytes(4)
    file.write_bytes(_patched(zipped(folder, file).read_bytes(), {_CENTRAL: (16, crc), _LOCAL: (14, crc)}))


def wrong_size(chance: random.Random, folder: Path, file: Path) -> None:
    """Fewer bytes are declared than there are, or many more."""
    size = struct.pack("<I", chance.choice([0, 1, 99, 2**31, 2**32 - 2]))
    file.write_bytes(
        _patched(zipped(folder, file, packed=True).read_bytes(), {_CENTRAL: (24, size), _LOCAL: (22, size)})
    )


def wrong_places(chance: random.Random, folder: Path, file: Path) -> None:
    """All members begin at the same place, or beyond the end."""
    place = struct.pack("<I", chance.choice([0, 1, 2**31, 2**32 - 2]))
    file.write_bytes(_patched(zipped(folder, file).read_bytes(), {_CENTRAL: (42, place)}))


def bomb(chance: random.Random, _: Path, file: Path) -> None:
    """A few kilobytes that would become gigabytes; with the same contents again and again under many names."""
    content = bytearray(_bomb())
    if chance.random() < 0.5:
        directory = content.index(_CENTRAL)
        end = content.index(b"PK\x05\x06")
        entry = bytes(content[directory:end])
        names = [entry.replace(b"model.safetensors", b"model-%04d.tensor" % n) for n in range(100)]
        tail = bytearray(content[end:])
        struct.pack_into("<HHI", tail, 8, len(names), len(names), sum(map(len, names)))
        content = content[:directory] + b"".join(names) + tail
    file.write_bytes(content)


def huge_directory(chance: random.Random, folder: Path, file: Path) -> None:
    """More members than any model has, or a directory of gigabytes that is not there."""
    if chance.random() < 0.3:
        file.write_bytes(_many())
        return
    content = bytearray(zipped(folder, file).read_bytes())
    struct.pack_into("<I", content, len(content) - 22 + 12, chance.choice([2**32 - 2, 2**31, 10**8]))
    file.write_bytes(content)


def folder_with_contents(_: random.Random, folder: Path, file: Path) -> None:
    zipped(folder, file)
    with ZipFile(file, "a") as archive:
        archive.writestr("calm-music/t5-bas_", b"contents of a folder")
    file.write_bytes(file.read_bytes().replace(b"t5-bas_", b"t5-bas/"))


def several(_: random.Random, folder: Path, file: Path) -> None:
    with ZipFile(file, "w") as archive:
        for top in ("one", "two"):
            for inside in folder.iterdir():
                archive.write(inside, f"{top}/{inside.name}")


def something_else(chance: random.Random, _: Path, file: Path) -> None:
    """No zip file, an empty one, or one of photographs, of a zip file, of a program."""
    with ZipFile(file, "w") as archive:
        if chance.random() < 0.7:
            archive.writestr(chance.choice(["beach.jpg", "setup.exe", "inner.zip", "a/b/c/d/config.txt"]), b"x")
    if chance.random() < 0.3:
        file.write_bytes(chance.randbytes(chance.randrange(3000)))


def _patched(content: bytes, fields: dict[bytes, tuple[int, bytes]]) -> bytes:
    """Each header of that kind with other bytes at a place; weights hold no such signature but by a rare chance."""
    patched = bytearray(content)
    for signature, (place, value) in fields.items():
        at = patched.find(signature)
        while at >= 0:
            patched[at + place : at + place + len(value)] = value
            at = patched.find(signature, at + 4)
    return bytes(patched)


@cache
def _bomb() -> bytes:
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive, archive.open("model.safetensors", "w") as member:
        for _ in range(64):
            member.write(bytes(1 << 20))
    return content.getvalue()


@cache
def _many() -> bytes:
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.txt", b"")
    return content.getvalue()


BROKEN_ZIPS: tuple[Zipping, ...] = (
    *(hostile_name, nul_in_a_name, link, twice, cut, flipped, flipped_when_packed, locked, oddly_packed, wrong_crc),
    *(wrong_size, wrong_places, bomb, huge_directory, folder_with_contents, several, something_else),
)
