"""What a model can be called on every system."""

from __future__ import annotations

import re

from musicmed_desktop.errors import UserError

REMOVED = ".removed"  # ends the name of what is on its way out
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
# Windows keeps these for devices, whatever follows a dot.
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raises UserError where `name` cannot be that of a folder on every system."""
    if not _NAME.fullmatch(name) or RESERVED.fullmatch(name) or name.endswith((".", ".lock", REMOVED)):
        raise UserError(
            f"{name!r:.100} cannot be the name of a model.", "Use letters, digits, dots, hyphens and underscores."
        )
