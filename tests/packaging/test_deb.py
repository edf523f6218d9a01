"""The .deb as dpkg reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bundling import product
from bundling.failure import BundleError
from bundling.linux import deb, dependencies
from bundling.product import FULL, LIGHT, Flavour

from tests.fakes.linux_bundle import notices, small_bundle

pytestmark = pytest.mark.skipif(
    not (shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps")), reason="needs dpkg-dev"
)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def _built(folder: Path, flavour: Flavour = LIGHT, name: str = "out") -> Path:
    source, out = folder / name / "source", folder / name
    source.mkdir(parents=True)
    return deb.build(small_bundle(source), flavour, notices(source), folder / name / "scratch", out)


def _field(package: Path, *names: str) -> str:
    return subprocess.check_output(["dpkg-deb", "--field", package, *names], text=True).strip()


def test_dpkg_finds_the_program_where_it_belongs(tmp_path: Path) -> None:
    package, root = _built(tmp_path), tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    for name in ("musicmed", "musicmed-desktop"):
        assert str((root / "usr/bin" / name).readlink()) == "/opt/musicmed-desktop/musicmed-desktop"
    program = root / "opt/musicmed-desktop/musicmed-desktop"
    assert subprocess.check_output([program, "ein Wort"], text=True) == "ein Wort\n"
    assert (program.parent / "_internal" / "link.txt").read_text() == "content"
    assert (root / "usr/share/applications/musicmed-desktop.desktop").is_file()
    copyright_ = (root / "usr/share/doc/musicmed-desktop/copyright").read_text(encoding="utf-8")
    assert "GNU General Public License" in copyright_
    assert "A library. Copyright 2020 its authors." in copyright_


def test_everything_is_owned_by_root_readable_and_of_one_time(tmp_path: Path) -> None:
    listed = subprocess.check_output(
        ["dpkg-deb", "--contents", _built(tmp_path)], text=True, env=os.environ | {"TZ": "UTC"}
    )
    rows = [line.split() for line in listed.splitlines()]
    assert {(row[1], row[3], row[4]) for row in rows} == {("root/root", "2026-01-01", "00:00")}
    assert {row[0] for row in rows} == {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}


def test_the_same_bundle_gives_the_same_file(tmp_path: Path) -> None:
    assert _built(tmp_path, name="a").read_bytes() == _built(tmp_path, name="b").read_bytes()


def test_it_needs_what_its_programs_are_linked_with(tmp_path: Path) -> None:
    depends = _field(_built(tmp_path), "Depends")
    assert "libc6 (>= 2." in depends
    assert "debconf (>= 0.5) | debconf-2.0" in depends
    assert "<<" not in depends


@pytest.mark.parametrize(
    ("flavour", "name", "other"),
    [(LIGHT, "musicmed-desktop", "musicmed-desktop-full"), (FULL, "musicmed-desktop-full", "musicmed-desktop")],
)
def test_either_edition_takes_the_place_of_the_other(tmp_path: Path, flavour: Flavour, name: str, other: str) -> None:
    package = _built(tmp_path, flavour)
    assert package.name == product.installer_name(flavour, ".deb")
    fields = [_field(package, field) for field in ("Package", "Version", "Conflicts", "Replaces")]
    assert fields == [name, product.VERSION, other, other]
    assert _field(package, "Provides") == (f"{other} (= {product.VERSION})" if flavour == FULL else "")


def test_its_sums_are_those_of_its_files(tmp_path: Path) -> None:
    package, root = _built(tmp_path), tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True)
    subprocess.run(["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=root, check=True)


def test_a_library_that_is_nowhere_is_named(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    (tmp_path / "lost.c").write_text("int lost(void) { return 1; }\n")
    (tmp_path / "main.c").write_text("int lost(void); int main(void) { return lost(); }\n")
    root = tmp_path / "source" / "debian" / "musicmed-desktop"
    bundle = root / "opt" / "musicmed-desktop"
    bundle.mkdir(parents=True)
    compile_ = ["cc", "-shared", "-fPIC", "-Wl,-soname,liblost.so.7", "-o", "liblost.so", "lost.c"]
    subprocess.run(compile_, cwd=tmp_path, check=True)
    subprocess.run(["cc", "-o", bundle / "musicmed-desktop", "main.c", "-L.", "-llost"], cwd=tmp_path, check=True)
    with pytest.raises(BundleError, match=r"liblost\.so\.7, for musicmed-desktop"):
        dependencies.needed(root, bundle)
    (bundle / "_internal").mkdir()
    shutil.copyfile(tmp_path / "liblost.so", bundle / "_internal" / "liblost.so.7")
    assert any(package.startswith("libc6") for package in dependencies.needed(root, bundle))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_lintian_has_nothing_against_it_but_what_it_does_not_know(tmp_path: Path) -> None:
    done = subprocess.run(["lintian", "--allow-root", _built(tmp_path)], capture_output=True, text=True, check=False)
    tags = {line.split()[2] for line in done.stdout.splitlines()}
    assert tags <= {"malformed-deb-archive"}  # it is older than zstd in packages
