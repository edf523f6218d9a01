"""Icons as other programs read them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from bundling.icons import HICOLOR_SIZES, png, write_icns, write_ico
from PySide6.QtGui import QImage, QImageReader

_DISTINCT = 30.0  # of 255; less would look like one colour in a taskbar


def _rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def _image(size: int) -> QImage:
    image = QImage.fromData(png(size))
    assert (image.width(), image.height()) == (size, size)
    return image


@pytest.mark.parametrize("size", HICOLOR_SIZES)
def test_every_size_is_a_picture_with_transparent_corners(size: int) -> None:
    image = _image(size)
    assert image.pixelColor(0, 0).alpha() < 255 // 2
    assert image.pixelColor(size // 2, 1).alpha() == 255


@pytest.mark.parametrize("size", [16, 24, 32, 48])
def test_the_four_quadrants_are_told_apart_even_when_small(size: int) -> None:
    image = _image(size)
    third, two_thirds = round(size * 0.33), round(size * 0.66)
    places = [(two_thirds, third), (third, two_thirds), (round(size * 0.2), third)]
    colours = [_rgb(image, *place) for place in places]
    apart = [sum(abs(a - b) for a, b in zip(one, other, strict=True)) for one in colours for other in colours]
    assert sum(distance > _DISTINCT for distance in apart) == 6


def test_windows_gets_each_size_once(tmp_path: Path) -> None:
    path = tmp_path / "musicmed.ico"
    write_ico(path)
    reader = QImageReader(str(path))
    assert reader.imageCount() == 8
    sizes = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        sizes.append(reader.read().width())
    assert sizes == [16, 20, 24, 32, 40, 48, 64, 256]


def test_macos_gets_chunks_that_fill_the_file(tmp_path: Path) -> None:
    path = tmp_path / "musicmed.icns"
    write_icns(path)
    content = path.read_bytes()
    assert struct.unpack_from(">4sI", content) == (b"icns", len(content))
    offset = 8
    sides: dict[bytes, int] = {}
    while offset < len(content):
        kind, length = struct.unpack_from(">4sI", content, offset)
        sides[kind] = QImage.fromData(content[offset + 8 : offset + length]).width()
        offset += length
    assert offset == len(content)
    assert sides == dict(
        zip(
            (b"ic11", b"ic12", b"ic07", b"ic13", b"ic08", b"ic14", b"ic09", b"ic10"),
            (32, 64, 128, 256, 256, 512, 512, 1024),
            strict=True,
        )
    )
