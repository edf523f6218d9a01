"""A bare computer to try a program on: no Python on the PATH, an empty home folder, no network, nothing to write on
but that home and a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.paths import HOME

_LIMIT_S = 900
_WINDOWS = ("SYSTEMROOT", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE")


@dataclass(frozen=True)
class BareComputer:
    """`home` is its only folder to write into; `shown` are the folders that can be seen of the temporary ones."""

    home: Path
    shown: tuple[Path, ...]

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program there, to its end; nothing of this computer's environment reaches it."""
        return subprocess.run(
            [*self._walls(), *map(str, command)],
            env=self._environ(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LIMIT_S,
            check=False,
        )

    def is_walled(self) -> bool:
        """Whether the network is cut and the disk is read-only; that is so on Linux, where bubblewrap works."""
        return bool(self._walls())

    def _walls(self) -> Sequence[str]:
        bubblewrap = shutil.which("bwrap")
        if bubblewrap is None or not _may_build_walls(bubblewrap):
            return ()
        seen = [part for folder in self.shown for part in ("--ro-bind", str(folder), str(folder))]
        own = ("--bind", str(self.home), str(self.home), "--chdir", str(self.home))
        new = ("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run")
        return (bubblewrap, "--ro-bind", "/", "/", *new, *seen, *own, "--unshare-net", "--unshare-pid")

    def _environ(self) -> dict[str, str]:
        home = str(self.home)
        if os.name != "nt":
            return {"HOME": home, "LANG": "C.UTF-8", "PATH": str(self.home / "no-programs")}
        kept = {name: os.environ[name] for name in _WINDOWS if name in os.environ}
        folders = dict.fromkeys(("USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP"), home)
        folders[HOME] = home  # Windows itself tells where the person's own folders are, whatever is set
        return kept | folders | {"PATH": str(Path(kept.get("SYSTEMROOT", "C:/Windows")) / "System32")}


def _may_build_walls(bubblewrap: str) -> bool:
    """Some systems keep it to the administrator."""
    tried = subprocess.run(
        [bubblewrap, "--ro-bind", "/", "/", "--unshare-net", "true"], capture_output=True, check=False
    )
    return tried.returncode == 0
