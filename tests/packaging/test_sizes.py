"""How large the parts of a bundle are, and the budget."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bundling import sizes
from bundling.failure import BundleError
from bundling.product import FULL, LIGHT


def _file(path: Path, size: int) -> Path:
    """A file of that size that takes no room on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    return path


def _sizes(root: Path) -> dict[str, int]:
    return {part.name: part.size for part in sizes.parts(root)}


@pytest.mark.parametrize("inside", ["_internal", "Contents/Frameworks", "Contents/Resources"])
def test_a_distribution_is_one_part_with_its_libraries_and_its_metadata(tmp_path: Path, inside: str) -> None:
    _file(tmp_path / inside / "numpy" / "_core" / "core.so", 100)
    _file(tmp_path / inside / "numpy.libs" / "libopenblas-1234.so", 20)
    _file(tmp_path / inside / "numpy-2.4.6.dist-info" / "METADATA", 3)
    assert _sizes(tmp_path) == {"numpy": 123}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("musicmed-desktop", sizes.PROGRAM),
        ("musicmed.exe", sizes.PROGRAM),
        ("LICENCES.txt", sizes.OTHERS),
        ("_internal/libpython3.11.so.1.0", sizes.PYTHON),
        ("_internal/python311.dll", sizes.PYTHON),
        ("_internal/base_library.zip", sizes.PYTHON),
        ("_internal/python3.11/lib-dynload/math.so", sizes.PYTHON),
        ("_internal/libssl.so.3", sizes.LIBRARIES),
        ("_internal/_cffi_backend.cpython-311-x86_64-linux-gnu.so", "cffi"),
        ("_internal/resvg_py/resvg_py.pyd", "resvg_py"),
        ("_internal/PySide6/QtCore.abi3.so", "PySide6_Essentials"),
        ("_internal/musicmed_desktop/resources/moods.tsv", "musicmed-desktop"),
    ],
)
def test_a_file_belongs_to_what_a_person_would_call_it(tmp_path: Path, path: str, part: str) -> None:
    _file(tmp_path / path, 7)
    assert _sizes(tmp_path) == {part: 7}


def test_a_file_with_several_names_counts_once(tmp_path: Path) -> None:
    library = _file(tmp_path / "_internal" / "numpy.libs" / "libopenblas.so", 50)
    os.link(library, tmp_path / "_internal" / "libopenblas.so.0")
    (tmp_path / "_internal" / "libopenblas.so").symlink_to(Path("numpy.libs", "libopenblas.so"))
    assert sum(part.size for part in sizes.parts(tmp_path)) == 50


def test_the_report_names_the_ten_largest(tmp_path: Path) -> None:
    for number in range(12):
        _file(tmp_path / "_internal" / f"part{number:02}" / "data", number * sizes.MB)
    lines = sizes.report(tmp_path, LIGHT).splitlines()
    assert "66 MB" in lines[0]
    assert "450 MB" in lines[0]
    assert [line.split()[-1] for line in lines[1:]] == [f"part{number:02}" for number in range(11, 1, -1)]


def test_a_bundle_over_the_budget_ends_the_build(tmp_path: Path) -> None:
    _file(tmp_path / "_internal" / "torch" / "lib" / "libtorch_cpu.so", 451 * sizes.MB)
    with pytest.raises(BundleError, match=r"451\.0 MB  torch"):
        sizes.report(tmp_path, LIGHT)
    assert "451" in sizes.report(tmp_path, FULL)


def test_the_window_of_the_light_edition_alone_has_a_limit() -> None:
    assert sizes.window_limit_s(LIGHT) == 3.0
    assert sizes.window_limit_s(FULL) is None
