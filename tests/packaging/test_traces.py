"""Paths of the build machine: found wherever they hide, and taken out of Python's own libraries."""

from __future__ import annotations

import gzip
import lzma
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from bundling import scrubbing, traces
from PyInstaller.archive.writers import CArchiveWriter, ZlibArchiveWriter

HIDDEN = "/home/somebody/checkout"
TEXT = f"made in {HIDDEN}/build\n".encode()


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner/module.pyc", TEXT)


def _across_blocks(path: Path) -> None:
    path.write_bytes(bytes(traces._BLOCK - 10) + TEXT)


WRITERS: dict[str, Callable[[Path], object]] = {
    "plain": lambda path: path.write_bytes(TEXT),
    "other case": lambda path: path.write_bytes(TEXT.upper()),
    "UTF-16": lambda path: path.write_bytes(TEXT.decode().encode("utf-16-le")),
    "zip": _zip,
    "gzip": lambda path: path.write_bytes(gzip.compress(TEXT)),
    "xz": lambda path: path.write_bytes(lzma.compress(TEXT)),
    "begins like gzip": lambda path: path.write_bytes(b"\x1f\x8b\x08" + TEXT),
    "across blocks": _across_blocks,
    "link": lambda path: path.symlink_to(f"{HIDDEN}/library.so"),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_path_is_found(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "_internal"
    folder.mkdir()
    WRITERS[kind](folder / "file")
    (trace,) = traces.find(tmp_path, [HIDDEN])
    assert trace.where.startswith("_internal/file")
    assert HIDDEN in trace.text.lower()
    assert "\n" not in str(trace)


def test_what_is_not_forbidden_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(TEXT)
    assert traces.find(tmp_path, ["/home/somebody/another"]) == []


def test_the_ways_to_write_a_path_of_windows_are_all_found(tmp_path: Path) -> None:
    path = r"C:\Users\Somebody\checkout"
    (tmp_path / "as it is").write_text(path)
    (tmp_path / "slashes").write_text("file:///c:/Users/Somebody/checkout")
    (tmp_path / "json").write_text(r'{"url": "C:\\Users\\Somebody\\checkout"}')
    assert {trace.where for trace in traces.find(tmp_path, [path])} == {"as it is", "slashes", "json"}


def test_a_url_with_escapes_is_found(tmp_path: Path) -> None:
    (tmp_path / "direct_url.json").write_text('{"url": "file:///home/some%20body"}')
    assert [trace.where for trace in traces.find(tmp_path, ["/home/some body"])] == ["direct_url.json"]


def test_a_path_in_a_module_of_the_program_is_found(tmp_path: Path) -> None:
    code = {name: compile(f"place = {place!r}", name, "exec") for name, place in (("clean", "/"), ("marked", HIDDEN))}
    modules = tmp_path / "modules.pyz"
    ZlibArchiveWriter(str(modules), [(name, name, "PYMODULE") for name in code], code_dict=code)
    archive = tmp_path / "archive"
    CArchiveWriter(str(archive), [("PYZ.pyz", str(modules), False, "z")], "libpython3.11.so.1.0")
    root = tmp_path / "bundle"
    root.mkdir()
    (root / "musicmed-desktop").write_bytes(b"\x7fELF a bootloader" + archive.read_bytes())
    assert [trace.where for trace in traces.find(root, [HIDDEN])] == ["musicmed-desktop, marked"]


def test_the_checkout_and_the_environment_are_forbidden(tmp_path: Path) -> None:
    forbidden = traces.forbidden(tmp_path / "checkout", tmp_path / "env")
    assert {str(tmp_path / "checkout"), str(tmp_path / "env")} <= set(forbidden)


def test_a_home_is_forbidden_unless_everybody_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/somebody"))
    assert "/home/somebody" in {Path(path).as_posix()[-14:] for path in traces.forbidden(tmp_path, tmp_path)}
    monkeypatch.setattr(Path, "home", lambda: Path("/home/runner"))
    assert not any(path.endswith("runner") for path in traces.forbidden(tmp_path, tmp_path))


@pytest.mark.parametrize(
    ("prefix", "own"),
    [("/usr", False), ("/usr/local", False), ("/opt/python/3.11", True), ("/home/a/.pyenv/3.11", True)],
)
def test_a_python_is_forbidden_unless_everybody_has_it_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, own: bool
) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    assert (str(Path(prefix)) in traces.forbidden(tmp_path, tmp_path)) is own


def test_a_library_keeps_its_length_and_loses_the_path(tmp_path: Path) -> None:
    library = tmp_path / "libpython3.so"
    library.write_bytes(b"\x7fELF\0" + f"{HIDDEN}/lib\0other".encode())
    (tmp_path / "notes.txt").write_text(HIDDEN)
    assert scrubbing.scrub(tmp_path, [HIDDEN]) == [library]
    assert library.read_bytes() == b"\x7fELF\0/nonexistent///checkout/lib\0other"
    assert [trace.where for trace in traces.find(tmp_path, [HIDDEN])] == ["notes.txt"]


def test_a_text_that_the_path_ends_with_stays_readable(tmp_path: Path) -> None:
    """Linkers store Python's version within its prefix, where that ends with it."""
    library = tmp_path / "libpython3.so"
    library.write_bytes(b"\x7fELF\0/home/a/.pyenv/versions/3.11.7\0")
    scrubbing.scrub(tmp_path, ["/home/a/.pyenv/versions/3.11.7"])
    assert library.read_bytes().endswith(b"/3.11.7\0")
    assert b"/home/a" not in library.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are changed on Linux alone")
def test_a_real_library_without_its_paths_still_loads(tmp_path: Path) -> None:
    spec = find_spec("_ctypes_test")  # one of Python's modules that is a library of its own
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        pytest.skip("this Python has it compiled in, or left it out")
    copy = Path(shutil.copy(spec.origin, tmp_path))
    scrubbing.scrub(tmp_path, [sys.base_prefix])
    assert traces.find(tmp_path, [sys.base_prefix]) == [] or sys.base_prefix == "/usr"
    loads = "import _ctypes_test; print(_ctypes_test.__file__)"
    environment = {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", loads], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(copy)


@pytest.mark.skipif(sys.platform == "win32", reason="Python for Windows has no such module")
@pytest.mark.skipif(sys.base_prefix == "/usr", reason="a path of one name leads everywhere")
def test_what_sysconfig_reads_is_written_without_the_paths(tmp_path: Path) -> None:
    folder = scrubbing.write_sysconfig(tmp_path / "sysconfig", [sys.base_prefix])
    (module,) = folder.glob("_sysconfigdata_*.py")
    values: dict[str, dict[str, str]] = {}
    exec(compile(module.read_bytes(), module.name, "exec"), values)
    prefix = values["build_time_vars"]["prefix"]
    assert prefix != sys.base_prefix
    assert len(prefix) == len(sys.base_prefix)
