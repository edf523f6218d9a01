"""A fresh Debian in a folder: the least that there is, without Python, for one user who has an empty home."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bundling.failure import BundleError
from bundling.linux.tools import call
from bundling.product import ROOT

VARIABLE = "MUSICMED_DEBIAN_MIRROR"
PERSON = "patient"
CACHE = ROOT / "build" / "cleanroom"

_LIMIT_S = 900
# Namespaces of its own for mounts and processes, which end with the command, whatever happens.
_APART = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
_MOUNT = 'mount -t proc proc "$0/proc" && mkdir -p "$0/dev/shm" && mount -t tmpfs shm "$0/dev/shm" && exec "$@"'


@dataclass(frozen=True)
class Debian:
    """A Debian whose files are below `root`."""

    root: Path

    @property
    def home(self) -> Path:
        """The ordinary user's home, seen from outside."""
        return self.root / "home" / PERSON

    def as_administrator(self, *command: str) -> str:
        """Run a command with the network, nobody to be asked; returns its output. Raises BundleError where it fails."""
        where = ("HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive")
        return self._run(_APART, ("chroot", str(self.root)), where, command)

    def as_person(self, *command: str) -> str:
        """Run a command as the ordinary user, without a network. Output and errors as with `as_administrator`."""
        home = f"/home/{PERSON}"
        where = ("-C", home, f"HOME={home}", "PATH=/usr/bin:/bin")
        user = ("chroot", f"--userspec={PERSON}:{PERSON}", str(self.root))
        return self._run((*_APART, "--net"), user, where, command)

    def _run(
        self, apart: tuple[str, ...], inside: tuple[str, ...], where: tuple[str, ...], command: tuple[str, ...]
    ) -> str:
        entering = (*apart, "sh", "-c", _MOUNT, str(self.root), *inside)
        done = subprocess.run(
            [*entering, "env", "-i", *where, "LANG=C.UTF-8", *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LIMIT_S,
            check=False,
        )
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
            raise BundleError(f"{' '.join(command)} ended with code {done.returncode}:\n{tail}")
        return done.stdout


@contextmanager
def fresh_debian() -> Generator[Debian]:
    """A Debian of this machine's release, thrown away afterwards. Raises BundleError where none can be made."""
    if os.geteuid() != 0:
        raise BundleError("A fresh Debian can be made by the administrator alone. Start the same command with sudo.")
    mirror, suite = _source()
    packed = CACHE / f"{suite}-{platform.machine()}.tar"
    if not packed.is_file():
        _fetch(mirror, suite, packed)
    with tempfile.TemporaryDirectory(prefix="debian-", dir=CACHE) as folder:
        call("tar", "--extract", f"--file={packed}", f"--directory={folder}", package="tar")
        Path(folder).chmod(0o755)
        debian = Debian(Path(folder))
        _settle_in(debian)
        yield debian


def _source() -> tuple[str, str]:
    """Where this machine gets its packages from, and the name of its release; MUSICMED_DEBIAN_MIRROR counts before."""
    suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
    if named := os.environ.get(VARIABLE):
        return named, suite
    listed = call("apt-get", "indextargets", "--format", "$(RELEASE) $(SITE)", "Identifier: Packages", package="apt")
    sites = dict(reversed([line.split() for line in listed.splitlines()]))
    if suite not in sites:
        raise BundleError(f"No source of packages for {suite} is known here. Name one in {VARIABLE}.")
    return sites[suite], suite


def _fetch(mirror: str, suite: str, packed: Path) -> None:
    """Debian's smallest system as a tar file; kept for the next time."""
    packed.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bootstrap-", dir=packed.parent) as folder:
        call("debootstrap", "--variant=minbase", suite, folder, mirror, package="debootstrap")
        draft = packed.with_suffix(".part")
        call("tar", "--create", "--one-file-system", f"--file={draft}", f"--directory={folder}", ".", package="tar")
        draft.replace(packed)


def _settle_in(debian: Debian) -> None:
    """The network's names, the lists of packages, and somebody who lives here."""
    for name in ("resolv.conf", "hosts"):
        shutil.copyfile(Path("/etc") / name, debian.root / "etc" / name)
    debian.as_administrator("apt-get", "update")
    debian.as_administrator("useradd", "--create-home", "--shell", "/bin/sh", PERSON)
