"""What stays in a bundle of that which PyInstaller found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bundling import pruning
from bundling.pruning import Entry

SITE = Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
QT = "PySide6/Qt"


def entry(destination: str, kind: str = "BINARY", source: Path | None = None) -> Entry:
    return destination, str(source or SITE / destination), kind


def names(entries: list[Entry]) -> set[str]:
    return {destination for destination, _, _ in entries}


@pytest.mark.parametrize(
    "unused",
    [
        *("torch/include/ATen/ATen.h", "numpy/_core/lib/libnpymath.a", "pkg/tests/data.bin", "pkg/module.pyi"),
        *("click-8.5.1.dist-info/RECORD", "click-8.5.1.dist-info/direct_url.json", "torch/share/cmake/Torch.txt"),
        *(f"{QT}/translations/qtbase_de.qm", "torch/bin/protoc"),
    ],
)
def test_files_that_nobody_reads_are_left_out(unused: str) -> None:
    read = {"click-8.5.1.dist-info/METADATA", "torch/bin/torch_shm_manager", "thinc/backends/kernels.cu", "pkg/x.json"}
    _, datas = pruning.pruned([], [entry(name, "DATA") for name in (unused, *read)])
    assert names(datas) == read


@pytest.mark.skipif(sys.platform != "linux", reason="real libraries, by their names on Linux")
def test_parts_of_qt_that_are_not_used_go_with_the_libraries_that_only_they_need() -> None:
    plugins = ("platforms/libqxcb.so", "platforms/libqeglfs.so", "platformthemes/libqgtk3.so")
    libraries = ("Core", "Gui", "DBus", "XcbQpa", "EglFSDeviceIntegration")
    found = [entry(f"{QT}/plugins/{name}") for name in plugins]
    found += [entry(f"{QT}/lib/libQt6{name}.so.6") for name in libraries]
    links = [(f"libQt6{name}.so.6", f"{QT}/lib/libQt6{name}.so.6", "SYMLINK") for name in libraries]
    binaries, datas = pruning.pruned(found, links)
    kept = libraries[:-1]
    assert names(binaries) == {f"{QT}/plugins/platforms/libqxcb.so"} | {f"{QT}/lib/libQt6{name}.so.6" for name in kept}
    assert names(datas) == {f"libQt6{name}.so.6" for name in kept}


@pytest.mark.parametrize("name", ["libstdc++.so.6", "libX11.so.6", "libasound.so.2", "libglib-2.0.so.0"])
def test_what_belongs_to_the_system_stays_there(name: str) -> None:
    assert pruning.pruned([entry(name, source=Path("/usr/lib") / name)], []) == ([], [])


@pytest.mark.skipif(sys.platform != "linux", reason="a real library, by its name on Linux")
def test_a_library_that_is_loaded_by_its_name_stays() -> None:
    import torch

    library = Path(torch.__file__).parent / "lib" / "libtorch_global_deps.so"
    binaries, _ = pruning.pruned([entry("torch/lib/libtorch_global_deps.so", source=library)], [])
    assert names(binaries) == {"torch/lib/libtorch_global_deps.so"}
