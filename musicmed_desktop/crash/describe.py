"""Failures in words that hold no values: places in packages, types, and little else.

No messages, arguments, local variables or source lines, and no path but those inside of packages: the message of
an exception may quote a mood, a note, a title, or a folder with its user's name.
"""

from __future__ import annotations

import errno
import platform
import re
import site
import sys
import sysconfig
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from traceback import walk_tb
from types import CodeType

import musicmed_desktop

_PACKAGE = Path(musicmed_desktop.__file__).parent
_MANY = 40  # frames: more, as of an endless recursion, are left out in the middle
_FEW = 5  # exceptions of a group
_FROZEN = re.compile(r"<(frozen [\w.]+|string|stdin)>")
_FOR_TESTS = re.compile(r"extra == .test")
_FAULT_LINES = (
    re.compile(r"(Fatal Python error: [A-Za-z ]*)"),
    re.compile(r"(Windows fatal exception: [\w ]*)"),
    re.compile(r"((?:Current thread|Thread) 0x[0-9a-f]+)"),
    re.compile(r"(Extension modules: [\w., ():]*)"),
)
_FAULT_FRAME = re.compile(r'  File "(.*)", line (\d+) in ([\w.<>]+)')


def heading(when: datetime | None = None) -> str:
    """Versions of the program, of Python, of the system and of the packages; the time is UTC."""
    time = f"{when or datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    system = f"Python {platform.python_version()} on {platform.platform()}"
    return f"MusicMed Desktop {musicmed_desktop.__version__}, {time}\n{system}\n{', '.join(_packages())}"


def failure(error: BaseException) -> str:
    """Where `error` and what led to it came from, the first one first."""
    chain = [error]
    while (earlier := _earlier(chain[-1])) is not None and not any(earlier is seen for seen in chain):
        chain.append(earlier)
    return "\nthat led to:\n".join(_single(each) for each in reversed(chain))


def cleaned_fault(text: str) -> str:
    """What faulthandler wrote, without what it should not tell; unknown lines are left out."""
    lines = []
    for line in text.splitlines():
        if frame := _FAULT_FRAME.match(line):
            lines.append(f"  {place(frame[1])}, line {frame[2]}, in {frame[3]}")
        lines += [found[1].strip() for pattern in _FAULT_LINES if (found := pattern.match(line))]
    return "\n".join(lines)


def place(filename: str) -> str:
    """The file as its package has it; "elsewhere" outside of packages, where folders have people's names."""
    path = Path(filename)
    if ".." in path.parts:
        return "elsewhere"
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    for root in _roots():
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    bundled = not path.is_absolute() and path.parts and path.parts[0].removesuffix(".py") in sys.modules
    return path.as_posix() if bundled or _FROZEN.fullmatch(filename) else "elsewhere"


def _single(error: BaseException) -> str:
    frames = [(frame.f_code, number) for frame, number in walk_tb(error.__traceback__)]
    lines = [f"  {place(code.co_filename)}, line {number}, in {code.co_qualname}" for code, number in frames]
    if len(lines) > _MANY:
        lines[_MANY // 2 : -_MANY // 2] = [f"  ({len(lines) - _MANY} more)"]
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    lines.append(" ".join((name, *_facts(error, [code for code, _ in frames]))))
    if isinstance(error, BaseExceptionGroup):
        lines += [f"one of {len(error.exceptions)}:\n{failure(each)}" for each in error.exceptions[:_FEW]]
    return "\n".join(lines)


def _facts(error: BaseException, codes: list[CodeType]) -> Iterator[str]:
    """What may be told of an exception: the system's error number, and a name that the source of a package has."""
    if isinstance(error, OSError) and error.errno is not None:
        yield errno.errorcode.get(error.errno, str(error.errno))
    if isinstance(error, AttributeError | NameError | ImportError):
        installed = [code for code in codes if place(code.co_filename).endswith(".py")]
        written = {name for code in installed for name in (*code.co_names, *code.co_varnames, *code.co_freevars)}
        if error.name in written:
            yield error.name


def _earlier(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@cache
def _roots() -> tuple[Path, ...]:
    """Where packages are installed, the innermost first."""
    named: set[str | None] = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    named |= {site.getusersitepackages(), getattr(sys, "_MEIPASS", None)}
    return tuple(sorted((Path(root) for root in named if root), key=lambda root: len(root.parts), reverse=True))


def _packages() -> Iterator[str]:
    """Versions of what the program builds on; in a bundle that does not tell, of nothing."""
    try:
        needed = [each for each in requires("musicmed-desktop") or () if not _FOR_TESTS.search(each)]
    except PackageNotFoundError:
        needed = []
    for name in (re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in needed):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # of an extra that is not installed
            continue
