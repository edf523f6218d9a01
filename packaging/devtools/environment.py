"""The virtual environment in .venv: made when missing, remade when broken, filled when out of date."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devtools.console import SetupError, run_quietly, say
from devtools.system import VENV, needs, provide

_PROBE = (
    "import importlib.util, platform, sys;"
    "assert importlib.util.find_spec('pip');"
    "print(sys.prefix); print(platform.python_version())"
)
_LEADS_ASTRAY = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")
_SECRET = ("MUSICMED_SIGN_", "MUSICMED_APPLE_", "MUSICMED_NOTARY_")  # what installers are signed with


def clean_environ() -> dict[str, str]:
    """The process environment without what would lead .venv's Python to another Python's modules."""
    return {name: value for name, value in os.environ.items() if name not in _LEADS_ASTRAY}


@dataclass(frozen=True)
class Environment:
    """A virtual environment of the checkout at `root`, in its folder `name`."""

    root: Path
    name: str = ".venv"

    @property
    def path(self) -> Path:
        return self.root / self.name

    @property
    def stamp(self) -> Path:
        """Tells what was installed, and where; it is there only while the installation is whole."""
        return self.path / "musicmed-stamp.json"

    @property
    def known_extras(self) -> frozenset[str]:
        """What pyproject.toml can have installed beside the app itself."""
        return frozenset(self._pyproject()["project"].get("optional-dependencies", ()))

    @property
    def flavours(self) -> dict[str, list[str]]:
        """The flavours of the installers, and the extras that each is made of."""
        listed: dict[str, list[str]] = self._pyproject().get("tool", {}).get("musicmed", {}).get("flavours", {})
        return listed

    def program(self, name: str) -> Path:
        folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        return self.path / folder / (name + suffix)

    def prepare(self, extras: Iterable[str] = ()) -> None:
        """Bring the environment up to date; takes a blink when it already is. Raises SetupError."""
        version = self.python_version()
        if version is None or _minor(version) != sys.version_info[:2]:
            self._make()
            version = self.python_version()
        if version is None:
            raise SetupError(f"The new environment in {self.path} does not start. Remove it and try again.")
        installed = self.installed_extras(version)
        if installed is None or not installed.issuperset(extras):
            self._install((installed or frozenset()).union(extras), version)

    def python_version(self) -> str | None:
        """Full version of the environment's Python; None where it is missing, broken or was moved."""
        try:
            probe = subprocess.run(
                [self.program("python"), "-c", _PROBE],
                env=clean_environ() | {"PYTHONIOENCODING": "utf-8"},  # folders may have letters of any kind
                capture_output=True,
                encoding="utf-8",
                check=True,
                timeout=60,
            )
            prefix, version = probe.stdout.splitlines()
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
        # A moved environment still starts, but its programs point back to where it was made.
        moved = self._read_stamp().get("path", str(self.path)) != str(self.path)
        return None if moved or not self.path.samefile(prefix) else version

    def installed_extras(self, version: str) -> frozenset[str] | None:
        """The extras that lie in the environment; None where it is not of this pyproject.toml."""
        stamp = self._read_stamp()
        extras = stamp.get("extras")
        if not isinstance(extras, list) or stamp != self._stamp_for(extras, version):
            return None
        return frozenset(extras)

    def write_stamp(self, extras: Iterable[str], version: str) -> None:
        self.stamp.write_text(json.dumps(self._stamp_for(extras, version)), encoding="utf-8")

    def _read_stamp(self) -> dict[str, object]:
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _stamp_for(self, extras: Iterable[str], version: str) -> dict[str, object]:
        project = (self.root / "pyproject.toml").read_bytes()
        return {
            "pyproject": hashlib.sha256(project).hexdigest(),
            "python": version,
            "extras": sorted(extras),
            "path": str(self.path),
        }

    def _make(self) -> None:
        self._remove()
        if importlib.util.find_spec("ensurepip") is None and not provide(VENV):
            raise SetupError("Then start the same command again.")
        say(f"Making an environment for MusicMed Desktop in {self.name} ...")
        made = subprocess.run(
            [sys.executable, "-m", "venv", self.path],
            env=clean_environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise SetupError(f"Python could not make {self.path}:\n{made.stdout}{made.stderr}".rstrip())

    def _remove(self) -> None:
        if self.path.is_symlink() or self.path.is_file():
            self.path.unlink()
        elif self.path.exists():
            say(f"The environment in {self.name} is broken, was moved, or is for another Python: making it anew.")
            shutil.rmtree(self.path)

    def _install(self, extras: frozenset[str], version: str) -> None:
        self.stamp.unlink(missing_ok=True)
        say("Installing MusicMed Desktop and what it is made of. This takes a few minutes, but only once ...")
        for need in needs(extras):
            if need.missing():
                provide(need)
        self._pip("--editable", f"{self.root}[{','.join(sorted(extras))}]" if extras else str(self.root))
        if packages := self._without_dependencies(extras):
            self._pip("--no-deps", *packages)
        self.write_stamp(extras, version)
        say("Ready.")

    def _without_dependencies(self, extras: frozenset[str]) -> list[str]:
        """Packages of these extras that ask for other versions of what they need than they work with."""
        listed = self._pyproject().get("tool", {}).get("musicmed", {}).get("without-dependencies", {})
        return sorted({package for extra in extras for package in listed.get(extra, ())})

    def _pyproject(self) -> dict[str, Any]:
        return tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))

    def _pip(self, *arguments: str) -> None:
        pip = [str(self.program("python")), "-m", "pip", "install", "--disable-pip-version-check"]
        try:
            run_quietly([*pip, *arguments], _without_secrets(clean_environ()), self.path / "install.log")
        except SetupError as error:
            raise SetupError(
                f"{error}\nInstalling failed; the reason is above. "
                "Check the internet connection and the free disk space, then start the same command again."
            ) from None


def _without_secrets(environ: dict[str, str]) -> dict[str, str]:
    """Others' packages may run code of theirs as they are installed."""
    return {name: value for name, value in environ.items() if not name.startswith(_SECRET)}


def _minor(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
