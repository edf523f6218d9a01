"""The AppImage as squashfs-tools read it, and where its runtime comes from."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from bundling import product
from bundling.failure import BundleError
from bundling.linux import appimage, runtime
from bundling.product import LIGHT

from tests.fakes.linux_bundle import notices, small_bundle

_HEAD = b"\x7fELF, as far as anybody looks"
needs_squashfs = pytest.mark.skipif(
    not (shutil.which("mksquashfs") and shutil.which("unsquashfs")), reason="needs squashfs-tools"
)


@pytest.fixture
def head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime that the environment names."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    path = tmp_path / "runtime"
    path.write_bytes(_HEAD)
    monkeypatch.setenv(runtime.VARIABLE, str(path))
    return path


def _built(folder: Path) -> Path:
    folder.mkdir()
    return appimage.build(small_bundle(folder), LIGHT, notices(folder), folder / "scratch", folder)


@needs_squashfs
@pytest.mark.usefixtures("head")
def test_behind_the_runtime_lies_a_folder_that_starts(tmp_path: Path) -> None:
    whole = _built(tmp_path / "out")
    assert whole.read_bytes().startswith(_HEAD)
    assert whole.stat().st_mode & 0o111
    place = tmp_path / "Größe & 音楽"
    command = ["unsquashfs", "-quiet", "-no-progress", "-offset", str(len(_HEAD)), "-dest", str(place), str(whole)]
    subprocess.run(command, check=True, capture_output=True)
    assert subprocess.check_output([place / "AppRun", "a plan.musicmed-plan"], text=True) == "a plan.musicmed-plan\n"
    assert (place / "usr/bin/musicmed").resolve() == (place / "AppRun").resolve()
    assert "Exec=musicmed-desktop %f" in (place / "musicmed-desktop.desktop").read_text(encoding="utf-8")
    for icon in (".DirIcon", "musicmed-desktop.png"):
        assert (place / icon).read_bytes().startswith(b"\x89PNG")
    assert (place / "usr/share/metainfo" / f"{product.APP_ID}.metainfo.xml").is_file()


@needs_squashfs
@pytest.mark.usefixtures("head")
def test_the_same_bundle_gives_the_same_file(tmp_path: Path) -> None:
    assert _built(tmp_path / "a").read_bytes() == _built(tmp_path / "b").read_bytes()


@needs_squashfs
@pytest.mark.usefixtures("head")
def test_a_tool_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_env = tmp_path / "bin"
    only_env.mkdir()
    monkeypatch.setenv("PATH", str(only_env))
    with pytest.raises(BundleError, match="squashfs-tools"):
        appimage._pack(tmp_path, tmp_path / "packed")


def test_a_runtime_that_is_named_and_missing_is_a_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(runtime.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(BundleError, match="there is no such file") as raised:
        runtime.runtime(tmp_path)
    assert not isinstance(raised.value, runtime.RuntimeMissingError)


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that the pinned release is fetched from."""
    monkeypatch.delenv(runtime.VARIABLE, raising=False)
    place = tmp_path / "release"
    place.mkdir()
    (place / "head").write_bytes(_HEAD)
    monkeypatch.setattr(runtime, "_RELEASE", place.as_uri())
    monkeypatch.setattr(runtime, "_PINNED", {product.machine(): ("head", hashlib.sha256(_HEAD).hexdigest())})
    return place / "head"


def test_the_runtime_is_fetched_once(release: Path, tmp_path: Path) -> None:
    first = runtime.runtime(tmp_path / "downloads")
    release.unlink()
    assert runtime.runtime(tmp_path / "downloads") == first
    assert first.read_bytes() == _HEAD


def test_another_runtime_than_the_pinned_one_is_refused(release: Path, tmp_path: Path) -> None:
    release.write_bytes(b"something else")
    with pytest.raises(BundleError, match="SHA-256"):
        runtime.runtime(tmp_path / "downloads")
    assert not (tmp_path / "downloads").exists()


def test_without_a_network_there_is_no_appimage_and_it_is_said(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release.unlink()
    monkeypatch.setattr(runtime.runtime, "__defaults__", (tmp_path / "downloads",))
    assert appimage.build_if_possible(tmp_path, LIGHT, tmp_path, tmp_path, tmp_path) == []
    said = capsys.readouterr().err
    assert "THERE IS NO APPIMAGE" in said
    assert runtime.VARIABLE in said
