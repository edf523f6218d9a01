"""The program's icon as each system wants it, drawn from the one picture in resources/icons."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import resvg_py

from bundling.product import ROOT

PICTURE = ROOT / "resources" / "icons" / "musicmed.svg"
HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)  # of the freedesktop icon theme; pixels

_ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)  # Microsoft's list for 100 to 250 %; pixels, at most 256
_ICO_HEADER = struct.Struct("<3H")  # reserved, 1 for icons, how many
_ICO_ENTRY = struct.Struct("<4B2H2I")  # width, height, colours, reserved, planes, bits, bytes, offset

# Types of PNG pictures and their sides in pixels. icp4 to icp6 are left out: inside an app, macOS shows them wrongly.
_ICNS_TYPES = {
    b"ic11": 32,  # 16 points, on a Retina display
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
_ICNS_CHUNK = struct.Struct(">4sI")  # type, and length with these 8 bytes


@cache
def png(size: int) -> bytes:
    """The icon as a PNG of `size` times `size` pixels, with transparent corners."""
    return bytes(resvg_py.svg_to_bytes(svg_path=str(PICTURE), width=size, height=size, skip_system_fonts=True))


def write_ico(path: Path) -> None:
    """Write an icon for Windows; its pictures are PNGs, which Windows reads since Vista."""
    pictures = [png(size) for size in _ICO_SIZES]
    offset = _ICO_HEADER.size + _ICO_ENTRY.size * len(pictures)
    entries = []
    for size, picture in zip(_ICO_SIZES, pictures, strict=True):
        side = size % 256  # 0 stands for 256
        entries.append(_ICO_ENTRY.pack(side, side, 0, 0, 1, 32, len(picture), offset))
        offset += len(picture)
    path.write_bytes(b"".join([_ICO_HEADER.pack(0, 1, len(pictures)), *entries, *pictures]))


def write_icns(path: Path) -> None:
    """Write an icon for macOS."""
    chunks = b"".join(_chunk(kind, png(size)) for kind, size in _ICNS_TYPES.items())
    path.write_bytes(_chunk(b"icns", chunks))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return _ICNS_CHUNK.pack(kind, _ICNS_CHUNK.size + len(content)) + content
