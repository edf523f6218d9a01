"""The list of what was bundled, as the spec file writes it down."""

from __future__ import annotations

from pathlib import Path

from bundling import contents
from bundling.contents import Bundled


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    list_ = tmp_path / "contents.json"
    contents.write(list_, [("numpy", "/env/numpy/__init__.py", "PYMODULE"), ("Größe/音.txt", "/src/音.txt", "DATA")])
    assert contents.read(list_) == [
        Bundled("Größe/音.txt", Path("/src/音.txt"), "DATA"),
        Bundled("numpy", Path("/env/numpy/__init__.py"), "PYMODULE"),
    ]


def test_what_has_no_file_of_its_own_is_left_out(tmp_path: Path) -> None:
    list_ = tmp_path / "contents.json"
    contents.write(
        list_, [("libz.so", "numpy.libs/libz.so", "SYMLINK"), ("google", "-", "PYMODULE"), ("a", "", "OPTION")]
    )
    assert contents.read(list_) == []
