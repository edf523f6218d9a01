"""What a Linux desktop is told, as its own tools read it."""

from __future__ import annotations

import configparser
import platform
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bundling import product
from bundling.linux import files

from musicmed_desktop.app import OPENED

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="for Linux alone")


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
    files.write_share(tmp_path)
    return tmp_path


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_the_menu_entry_is_valid(share: Path) -> None:
    tool = _tool("desktop-file-validate")
    done = subprocess.run([tool, share / "applications" / files.DESKTOP], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_menu_entry_opens_what_the_program_opens(share: Path) -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(share / "applications" / files.DESKTOP, encoding="utf-8")
    section = entry["Desktop Entry"]
    assert section["Exec"] == "musicmed-desktop %f"
    assert section["MimeType"].rstrip(";").split(";") == [kind for _, kind, _ in product.EXCHANGE]
    assert tuple(suffix for suffix, _, _ in product.EXCHANGE) == OPENED


def test_a_window_is_told_to_be_of_the_menu_entry(share: Path) -> None:
    """Wayland knows it by its desktop file, X11 by its class, which Qt takes from the application's name."""
    source = (product.ROOT / "musicmed_desktop" / "ui" / "application.py").read_text(encoding="utf-8")
    names = set(re.findall(r'set(?:ApplicationName|DesktopFileName)\("([^"]+)"\)', source))
    assert names == {files.DESKTOP.removesuffix(".desktop")}
    assert "StartupWMClass=musicmed-desktop\n" in (share / "applications" / files.DESKTOP).read_text(encoding="utf-8")


def test_the_page_of_the_software_centre_has_no_error_and_no_warning(share: Path) -> None:
    tool = _tool("appstreamcli")
    command = [tool, "validate", "--no-net", "--no-color", str(share / "metainfo" / files.METAINFO)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert not re.search(r"^[EW]: |(errors|warnings): [1-9]", done.stdout, re.MULTILINE), done.stdout


def test_the_page_of_the_software_centre_promises_nothing(share: Path) -> None:
    page = ElementTree.parse(share / "metainfo" / files.METAINFO).getroot()
    words = " ".join(" ".join(page.itertext()).split())
    assert "not a medical device, and it promises no effect" in words
    assert page.findtext("id") == product.APP_ID
    release = page.find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == (product.VERSION, "2026-01-01")


def test_both_kinds_of_files_are_told_apart(share: Path) -> None:
    tool = _tool("update-mime-database")
    subprocess.run([tool, share / "mime"], check=True, capture_output=True)
    globs = (share / "mime" / "globs2").read_text(encoding="utf-8").splitlines()
    for suffix, kind, _ in product.EXCHANGE:
        assert f"50:{kind}:*{suffix}" in globs


def test_every_icon_that_is_named_is_there(share: Path) -> None:
    sizes = {path.parents[1].name for path in share.glob("icons/hicolor/*/apps/musicmed-desktop.*")}
    assert {"16x16", "48x48", "256x256", "scalable"} <= sizes
