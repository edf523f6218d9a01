"""Ogg pages (RFC 3533), as far as needed to make Vorbis files reproducible.

libsndfile gives each Ogg stream a random serial number, so the same music would never give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

_HEADER = struct.Struct("<4sBBqIIIB")  # capture, version, type, granule, serial, sequence, checksum, segments
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def settle_serial(file: BinaryIO, serial: int = 1) -> None:
    """Give every page of the one stream in `file`, open for reading and writing, the serial number `serial`.

    Raises ValueError where the file does not consist of Ogg pages.
    """
    file.seek(0)
    while head := file.read(_HEADER.size):
        if len(head) < _HEADER.size or head[:4] != b"OggS":
            raise ValueError("not an Ogg page")
        capture, version, kind, granule, _, sequence, _, segments = _HEADER.unpack(head)
        lacing = file.read(segments)
        body = lacing + file.read(sum(lacing))
        fields = (capture, version, kind, granule, serial, sequence)
        checksum = crc32(_HEADER.pack(*fields, 0, segments) + body)
        file.seek(-len(head) - len(body), 1)
        file.write(_HEADER.pack(*fields, checksum, segments) + body)


def crc32(data: bytes) -> int:
    """Ogg's checksum: zlib's polynomial with the bits in mirrored order, without inversion at start and end."""
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
