"""A .deb, tried out in a fresh Debian: `python -m bundling.linux.cleanroom NEW.deb [--previous OLD.deb]`.

It is installed with what it declares alone, does its work without a network and without Python, takes over the library
of the version before, and is taken away again: what people made stays, unless somebody says otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundling.failure import BundleError
from bundling.linux import deb
from bundling.linux.debian import Debian, fresh_debian
from bundling.linux.dependencies import is_elf
from bundling.linux.tools import call
from bundling.product import PROGRAM, TERMINAL

_APT = ("apt-get", "--yes", "--no-install-recommends")
_DATA = ".local/share"

Step = tuple[str, Callable[[], str | None]]  # what is true afterwards; what does it, and returns a remark


def main(arguments: Sequence[str]) -> int:
    """Print a line for each thing that is true, up to the first that is not. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="cleanroom", description="Try a .deb out in a fresh Debian.")
    parser.add_argument("new", type=Path, metavar="NEW.deb")
    parser.add_argument("--previous", type=Path, metavar="OLD.deb", help="the version that people have so far")
    given = parser.parse_args(arguments)
    try:
        with fresh_debian() as debian:
            for words, does in Trial(debian, given.new, given.previous or given.new).steps():
                remark = does()
                print(f"ok: {words}{f' ({remark})' if remark else ''}", flush=True)
    except BundleError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True)
class Trial:
    """`new` is tried out in `debian`, where `previous` was in use before."""

    debian: Debian
    new: Path
    previous: Path

    def steps(self) -> Iterator[Step]:
        """In the order in which they are to be done."""
        yield "this Debian has no Python", self._has_no_python
        yield f"{self.previous.name} is installed, with what it declares alone", lambda: self._install(self.previous)
        yield "a session of a minute is composed and kept", self._compose
        yield f"{self.new.name} is installed", lambda: self._install(self.new)
        yield "the library opens, is whole, and has the same session", self._verify
        yield "there is still no Python", self._has_no_python
        yield "every library finds what it needs", self._links
        yield "the self-test passes, without a network", self._self_test
        yield "the doctor finds what it needs", self._doctor
        yield "removed, it leaves the sessions alone", self._remove
        yield "purged, it leaves them alone where nobody says otherwise", self._purge_without_an_answer
        yield "installed again, it has them again", self._install_again
        yield "purged with yes as the answer, it deletes them", self._purge_with_yes

    def _has_no_python(self) -> None:
        found = [str(path) for path in (self.debian.root / "usr" / "bin").glob("python*")]
        if found:
            raise BundleError(f"There is {' and '.join(found)}.")

    def _install(self, package: Path) -> str:
        name, place = _name(package), self.debian.root / "srv" / package.name
        shutil.copyfile(package, place)
        self.debian.as_administrator(*_APT, "install", f"/srv/{package.name}")
        place.unlink()
        return self.debian.as_administrator("dpkg-query", "--show", "--showformat=${Package} ${Version}", name)

    def _compose(self) -> str:
        self.debian.as_person(TERMINAL, "compose", "--from", "anxious", "--to", "calm", "--minutes", "1")
        return self._session()

    def _session(self) -> str:
        """The number of the one session that there is."""
        sessions = json.loads(self.debian.as_person(TERMINAL, "library", "list", "--json"))["sessions"]
        if len(sessions) != 1:
            raise BundleError(f"There is not one session, but {len(sessions)}.")
        return str(sessions[0]["id"])

    def _verify(self) -> str:
        self.debian.as_person(TERMINAL, "library", "verify")
        return self._session()

    def _links(self) -> str:
        """The window's parts are not all used by a self-test, which has no display."""
        folder = self.debian.root / deb.FOLDER.relative_to("/")
        files = [str("/" / path.relative_to(self.debian.root)) for path in folder.rglob("*") if is_elf(path)]
        library_path = f"LD_LIBRARY_PATH={deb.FOLDER}/_internal"  # as PyInstaller's bootloader sets it
        told = self.debian.as_person(
            "env", library_path, "sh", "-c", 'for file; do ldd "$file" || true; done', "-", *files
        )
        missing = sorted({line.split()[0] for line in told.splitlines() if "not found" in line})
        if missing:
            raise BundleError(f"These are not found: {', '.join(missing)}.")
        return f"{len(files)} files"

    def _self_test(self) -> str:
        report = json.loads(self.debian.as_person(PROGRAM, "--self-test", "--json"))
        return f"window after {report['time_to_window_s']} s"

    def _doctor(self) -> None:
        self.debian.as_person(TERMINAL, "doctor")

    def _remove(self) -> None:
        self._take_away("remove")
        self._require_kept()

    def _purge_without_an_answer(self) -> None:
        self._take_away("purge")
        self._require_kept()

    def _install_again(self) -> str:
        self._install(self.new)
        return self._session()

    def _purge_with_yes(self) -> None:
        name = _name(self.new)
        answer = f"{name} {name}/delete-sessions boolean true"
        self.debian.as_administrator("sh", "-c", 'echo "$0" | debconf-set-selections', answer)
        self._take_away("purge")
        if left := self._folders():
            raise BundleError(f"{left[0]} is still there.")

    def _take_away(self, how: str) -> None:
        """With apt-get's `how`; the program is gone then."""
        self.debian.as_administrator("apt-get", "--yes", how, _name(self.new))
        for place in (deb.FOLDER, *(Path("/usr/bin") / name for name in (PROGRAM, TERMINAL))):
            if os.path.lexists(self.debian.root / place.relative_to("/")):
                raise BundleError(f"{place} is still there.")

    def _require_kept(self) -> None:
        if self.debian.home / _DATA / PROGRAM not in self._folders():
            raise BundleError("The sessions are gone.")

    def _folders(self) -> list[Path]:
        """Where something is kept for the person."""
        folders = [self.debian.home / part / PROGRAM for part in (_DATA, ".config", ".local/state")]
        return [folder for folder in folders if folder.exists()]


def _name(package: Path) -> str:
    return call("dpkg-deb", "--field", package, "Package", package="dpkg").strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
