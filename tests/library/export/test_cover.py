from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.library.export.cover import SIDE, cover_png
from musicmed_desktop.session.record import SessionRecord


def pixels(png: bytes) -> NDArray[np.uint8]:
    """The picture, [rows, columns, channels], decoded by Qt."""
    from PySide6.QtGui import QImage

    image = QImage()
    assert image.loadFromData(png)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_the_cover_is_an_opaque_square(record: SessionRecord) -> None:
    picture = pixels(cover_png(record))
    assert picture.shape == (SIDE, SIDE, 4)
    assert (picture[..., 3] == 255).all()
    corners = picture[[0, 0, -1, -1], [0, -1, 0, -1], :3]
    assert (corners == (0xFC, 0xFA, 0xF6)).all()


def test_its_words_are_drawn(record: SessionRecord) -> None:
    """The title is dark on the bright ground above the disc."""
    heading = pixels(cover_png(record))[30:80, 300:700, :3]
    assert (heading.max(axis=2) < 90).sum() > 500


def test_the_same_session_has_the_same_cover(record: SessionRecord) -> None:
    assert cover_png(record) == cover_png(record)
