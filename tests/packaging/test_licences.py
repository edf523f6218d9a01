"""The licence notices, of real distributions of this environment and of made-up ones with something amiss."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from bundling import licences
from bundling.contents import Bundled
from bundling.failure import BundleError
from bundling.licences import known, terms
from bundling.product import ROOT

MIT = "Permission is hereby granted, free of charge, to any person ..."

Install = Callable[..., Path]


def _file(name: str, within: str) -> Path:
    """The file of the distribution `name` whose path ends so."""
    found = next(file for file in distribution(name).files or () if file.as_posix().endswith(within))
    return Path(str(found.locate()))


def _notices(folder: Path, *bundled: Bundled) -> str:
    return licences.write(bundled, folder / "LICENCES.txt").read_text(encoding="utf-8")


def _section(notices: str, name: str) -> str:
    """What is said of the part."""
    rule = "=" * 100
    found = re.search(rf"{rule}\n{re.escape(name)} ?[^\n]*\n{rule}\n(.*?)(?={rule}|\Z)", notices, re.DOTALL)
    assert found, f"nothing is said of {name}"
    return found[1]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Makes a distribution of one module that can be found as any other is; returns the module's file."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(str(site))

    def made(name: str, metadata: str, **texts: str) -> Path:
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}\n")
        (site / f"{name}.py").write_text("")
        for text, words in texts.items():
            (info / text).write_text(words)
        files = [f"{name}.py", f"{info.name}/METADATA", *(f"{info.name}/{text}" for text in texts)]
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        return site / f"{name}.py"

    return made


def test_a_distribution_is_named_with_its_licence_and_its_texts(tmp_path: Path) -> None:
    notices = _notices(tmp_path, Bundled("click", _file("click", "click/core.py"), "PYMODULE"))
    told = _section(notices, "click")
    assert "Licence: BSD-3-Clause" in told
    assert "Home: https://" in told
    (number,) = re.findall(r"Texts: LICENSE.txt (\[\d+\])", told)
    text = _section(notices, f"{number} LICENSE.txt of click")
    assert "Redistribution and use in source and binary forms" in text
    assert re.search(r"^click [\d.]+ +BSD-3-Clause$", notices, re.MULTILINE)


def test_only_what_is_bundled_is_named(tmp_path: Path) -> None:
    notices = _notices(tmp_path, Bundled("click", _file("click", "click/core.py"), "PYMODULE"))
    assert "numpy" not in notices.split("\n\n\n")[0].split("=" * 100)[2]


def test_python_this_program_and_pyinstaller_are_in_every_bundle(tmp_path: Path) -> None:
    notices = _notices(tmp_path)
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in notices
    assert "Mersenne Twister" in notices
    assert "WITH Bootloader-exception" in _section(notices, "pyinstaller")
    assert "GPL-3.0-or-later" in _section(notices, "MusicMed Desktop")


def test_modules_of_python_and_of_this_program_belong_to_them(tmp_path: Path) -> None:
    own = ROOT / "musicmed_desktop" / "errors.py"
    resource = ROOT / "resources" / "moods.tsv"
    notices = _notices(
        tmp_path,
        Bundled("re", Path(re.__file__), "PYMODULE"),
        Bundled("musicmed_desktop.errors", own, "PYMODULE"),
        Bundled("musicmed_desktop/resources/moods.tsv", resource, "DATA"),
        Bundled("base_library.zip", tmp_path / "base_library.zip", "DATA"),
    )
    assert "Warriner" in _section(notices, "Norms of valence and arousal")


def test_what_belongs_to_nobody_ends_the_build(tmp_path: Path) -> None:
    stray = tmp_path / "libstray.so"
    stray.write_bytes(b"")
    with pytest.raises(BundleError, match=re.escape(str(stray.resolve()))):
        _notices(tmp_path, Bundled("libstray.so", stray, "BINARY"))


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not Debian")
@pytest.mark.parametrize("folder", ["/lib", "/usr/lib"])
def test_a_library_of_debian_is_named_with_the_text_of_its_package(tmp_path: Path, folder: str) -> None:
    library = next(Path(folder).glob("*-linux-gnu/libc.so.6"), None)
    if library is None or not Path("/usr/share/doc/libc6/copyright").is_file():
        pytest.skip("Debian without libc6's copyright")
    notices = _notices(tmp_path, Bundled("libc.so.6", library, "BINARY"))
    assert "Texts: copyright" in _section(notices, "libc6")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in notices


def test_the_sounds_and_the_weights_are_named_on_their_own(tmp_path: Path) -> None:
    sounds = Bundled("pretty_midi/TimGM6mb.sf2", _file("pretty_midi", "TimGM6mb.sf2"), "DATA")
    weights = Bundled("vibenet/artifacts/m.onnx", _file("vibenet", ".onnx"), "DATA")
    notices = _notices(tmp_path, sounds, weights)
    assert "GPL-2.0-only" in _section(notices, "TimGM6mb")
    assert "Tim Brechbill" in _section(notices, "TimGM6mb")
    assert "GPL-3.0-or-later" in _section(notices, "VibeNet's model")


def test_qt_comes_with_the_texts_that_its_wheels_leave_out(tmp_path: Path) -> None:
    notices = _notices(tmp_path, Bundled("PySide6", _file("PySide6_Essentials", "PySide6/__init__.py"), "PYMODULE"))
    assert {"LGPL-3.txt", "GPL-3.txt", "qt.txt"} <= set(
        re.findall(r"[\w.-]+\.txt", _section(notices, "PySide6_Essentials"))
    )
    assert "harfbuzz" in notices


def test_what_wheels_list_as_their_materials_is_named(tmp_path: Path) -> None:
    notices = _notices(tmp_path, Bundled("resvg_py", _file("resvg_py", "resvg_py/__init__.py"), "PYMODULE"))
    assert re.search(r"^  tiny-skia [\d.]+; BSD-3-Clause", _section(notices, "resvg_py"), re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="other wheels hold other libraries")
def test_libraries_that_came_along_in_a_wheel_are_named(tmp_path: Path) -> None:
    name = next(file.name for file in distribution("numpy").files or () if "openblas" in file.name)
    notices = _notices(tmp_path, Bundled(f"numpy.libs/{name}", _file("numpy", name), "BINARY"))
    assert "  OpenBLAS; BSD-3-Clause" in _section(notices, "numpy")


def test_a_text_that_two_parts_share_is_printed_once(tmp_path: Path, install: Install) -> None:
    one = install("first", "License-Expression: MIT", LICENSE=f"{MIT}\n")
    two = install("second", "License-Expression: MIT", LICENSE=f"{MIT}  \r\n\r\n")
    notices = _notices(tmp_path, Bundled("first", one, "PYMODULE"), Bundled("second", two, "PYMODULE"))
    assert notices.count(MIT) == 1
    shared = {re.search(r"\[\d+\]", _section(notices, name))[0] for name in ("first", "second")}  # type: ignore[index]
    assert len(shared) == 1


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "GPL-2.0-only", "LicenseRef-Proprietary"])
def test_a_licence_that_does_not_fit_the_gpl_ends_the_build(tmp_path: Path, install: Install, licence: str) -> None:
    module = install("selfish", f"License-Expression: {licence}", LICENSE="All rights reserved.")
    with pytest.raises(BundleError, match=rf"selfish 1\.0, {licence}"):
        _notices(tmp_path, Bundled("selfish", module, "PYMODULE"))


def test_a_distribution_that_names_no_licence_ends_the_build(tmp_path: Path, install: Install) -> None:
    module = install("silent", "", LICENSE=MIT)
    with pytest.raises(BundleError, match=r"silent 1\.0"):
        _notices(tmp_path, Bundled("silent", module, "PYMODULE"))


def test_a_licence_without_its_text_ends_the_build(tmp_path: Path, install: Install) -> None:
    module = install("terse", "License-Expression: MIT")
    with pytest.raises(BundleError, match=r"terse 1\.0 \(MIT\)"):
        _notices(tmp_path, Bundled("terse", module, "PYMODULE"))


def test_a_licence_that_reads_the_same_for_all_needs_no_text_of_its_own(tmp_path: Path, install: Install) -> None:
    module = install("terse", "License: Apache 2.0")
    notices = _notices(tmp_path, Bundled("terse", module, "PYMODULE"))
    assert "Texts: Apache-2.0.txt" in _section(notices, "terse")


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("MIT", True),
        ("GPL-2.0-only", False),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only OR MIT AND CC-BY-NC-4.0", False),
        ("(GPL-2.0-only OR MIT) AND (ISC OR Proprietary)", True),
        ("(MIT OR GPL-2.0-only) AND Proprietary", False),
        ("Apache-2.0 WITH LLVM-exception AND BSD-2-Clause", True),
        ("MIT/Apache-2.0", True),
        ("", False),
    ],
)
def test_what_fits_the_gpl(expression: str, fits: bool) -> None:
    assert terms.fits(expression) is fits


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT AND ISC\nLicense: BSD", "MIT AND ISC"),
        ("License: Apache 2.0", "Apache-2.0"),
        ("License: MPL-2.0 AND MIT", "MPL-2.0 AND MIT"),
        ("License: Copyright (c) Somebody.\nClassifier: License :: OSI Approved :: ISC License (ISCL)", "ISC"),
        ("Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
        ("", ""),
    ],
)
def test_the_licence_that_metadata_names(install: Install, metadata: str, licence: str) -> None:
    install("named", metadata)
    assert terms.named(distribution("named").metadata) == licence


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    folder = Path(known.__file__).parent
    table = tomllib.loads((folder / "known.toml").read_text(encoding="utf-8"))
    told = [*table["distributions"].values(), *table["inside"]]
    used = {name for entry in told for name in entry.get("texts", [])} | {"python.txt"}
    used |= {text for licence in table["fitting"] if (text := known.text_of(licence))}
    assert used == {path.name for path in (folder / "texts").iterdir()} | {"GPL-3.txt"}
    assert all(known.text(name) for name in used)
