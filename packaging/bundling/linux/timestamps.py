"""The same bundle always gives the same installer: one time for every file, and no rights but the usual ones."""

from __future__ import annotations

import os
from pathlib import Path

from bundling.linux.tools import call
from bundling.product import ROOT


def source_date_epoch() -> int:
    """Seconds since 1970 that files are said to be from: SOURCE_DATE_EPOCH, or when the last commit was made.

    See https://reproducible-builds.org/specs/source-date-epoch/. Raises BundleError where there is neither.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or call("git", "log", "-1", "--format=%ct", cwd=ROOT, package="git"))


def settle(folder: Path) -> None:
    """Give `folder` and all in it the time of the source, and rights to read it for everybody."""
    epoch = source_date_epoch()
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and ".so" not in path.suffixes  # a library is only loaded
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
