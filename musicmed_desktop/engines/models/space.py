"""Room on a disk, asked for before anything is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from musicmed_desktop.amounts import amount
from musicmed_desktop.disk import unwritable
from musicmed_desktop.errors import UserError

_SPARE = 32_000_000  # bytes that stay free: a full disk troubles every program


def require_space(folder: Path, size: int, what: str) -> None:
    """Raises UserError where `size` bytes of `what` do not fit into `folder`, which need not exist yet."""
    existing = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    try:
        free = shutil.disk_usage(existing).free
    except OSError as error:
        raise unwritable(folder, error) from error
    if size + _SPARE > free:
        raise UserError(
            f"There is not enough space on the disk for {what}.",
            f"It needs {amount(size + _SPARE)}, and {amount(free)} are free. Free some space first.",
            str(folder),
        )
