"""A disk that refuses one call, or a program that dies at one: what is asked of refusing.c, and what it reports."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("refusing.c")
DIES = 0  # in place of an error
_SAID = "said"  # in place of a call: here the child announced something

_report = -1  # the file `calls` of this process


class UnavailableError(Exception):
    """Why no disk can be made to refuse here."""


@dataclass(frozen=True)
class Refusal:
    """What happens at the call `number` (0: nothing) of those that change what lies below `folder`.

    It fails with `error`, as all later ones do where it is `lasting`; with DIES the program is killed there. The file
    `calls` tells of each call.
    """

    folder: str
    calls: str
    number: int = 0
    error: int = errno.EIO
    lasting: bool = False

    def __str__(self) -> str:
        if not self.number:
            return "nothing refused"
        what = "killed" if self.error == DIES else errno.errorcode[self.error]
        return f"{what} {'from' if self.lasting else 'at'} call {self.number}"

    def start(self, library: Path) -> None:
        """Hold for this process from now on; `library` is what `build` made, and was loaded before all others."""
        global _report
        _report = os.open(self.calls, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        loaded = ctypes.CDLL(str(library))
        loaded.refuse.argtypes = (ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int)
        loaded.refuse(os.fsencode(self.folder), self.number, self.error, self.lasting, _report)


@dataclass(frozen=True)
class Call:
    """One call that changes the disk; paths are relative to the folder, `source` is a rename's."""

    refused: bool
    name: str
    path: str
    source: str

    @property
    def is_word(self) -> bool:
        """No call, but the moment at which the child announced something."""
        return self.name == _SAID

    def __str__(self) -> str:
        return f"{self.name} {self.path}"


def note_word() -> None:
    """The child announces something now."""
    if _report >= 0:
        os.write(_report, f"0\tmade\t{_SAID}\t\t\n".encode())


def build(folder: Path) -> Path:
    """Compile refusing.c into `folder`. Raises UnavailableError where that cannot be."""
    compiler = shutil.which("cc")
    if not sys.platform.startswith("linux") or compiler is None:
        raise UnavailableError("a disk that refuses needs Linux and a C compiler")
    target = folder / "refusing.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(target), str(SOURCE), "-ldl"], check=True)
    return target


def calls_in(report: Path) -> tuple[Call, ...]:
    """What a Refusal's file `calls` tells."""
    lines = report.read_text(encoding="utf-8", errors="replace").splitlines()
    fields = [line.split("\t") for line in lines]
    return tuple(Call(fate == "refused", name, path, source) for _, fate, name, path, source in fields)
