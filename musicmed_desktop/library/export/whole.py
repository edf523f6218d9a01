"""Text files that are written piece by piece, and are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from musicmed_desktop.disk import settle_names, writing


@contextmanager
def whole_text(target: Path, encoding: str) -> Iterator[TextIO]:
    """A file that grows beside `target` and is moved there, on the disk, unless the context raises.

    It is for its owner's eyes only. What `encoding` cannot hold becomes a question mark, line ends stay as they are
    written. Raises UserError where the disk refuses.
    """
    with writing(target):
        if target.is_dir():
            raise IsADirectoryError(target)
        handle, name = mkstemp(prefix=".", suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding=encoding, errors="replace", newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        settle_names(target.parent)
