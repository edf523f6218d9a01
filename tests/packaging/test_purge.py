"""What the package's script does with people's sessions when it is purged; with debconf itself, and its own memory."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from bundling.linux.templating import filled, verbatim
from bundling.product import PROGRAM

from musicmed_desktop.paths import HOME, data_folder, log_folder, settings_file

_FRONTEND = Path("/usr/share/debconf/frontend")
pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not _FRONTEND.exists() or Path("/opt", PROGRAM).exists(),
    reason="needs debconf, the administrator's rights, and no MusicMed that is installed",
)
_QUESTION = f"{PROGRAM}/delete-sessions"
_MEMORY = """\
Config: answers
Templates: questions

Name: answers
Driver: File
Filename: {0}/answers.dat

Name: questions
Driver: File
Filename: {0}/questions.dat
"""


@dataclass(frozen=True)
class Computer:
    """One with one user, of whom `getent` tells, and with a debconf of its own."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home of somebody"

    def run(self, *command: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
            "DEBCONF_SYSTEMRC": str(self.folder / "debconf.conf"),
            "DEBIAN_FRONTEND": "noninteractive",
            "DPKG_MAINTSCRIPT_PACKAGE": PROGRAM,
        }
        return subprocess.run(command, env=env, input=given, capture_output=True, text=True, check=True)

    def install(self) -> None:
        """As dpkg does it; whoever purges the package finds no templates."""
        templates = self.folder / f"{PROGRAM}.templates"
        templates.write_text(filled("debconf", package=PROGRAM), encoding="utf-8")
        self.run(self.folder / f"{PROGRAM}.postinst", "configure")
        templates.unlink()

    def purge(self) -> None:
        self.run(self.folder / f"{PROGRAM}.postrm", "purge")

    def answer(self, yes: str) -> None:
        self.run("debconf-set-selections", given=f"{PROGRAM} {_QUESTION} boolean {yes}\n")


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    computer = Computer(tmp_path)
    (tmp_path / "bin").mkdir()
    _script(tmp_path / "bin" / "getent", f"#!/bin/sh\necho 'root:x:0:0:Somebody:{computer.home}:/bin/sh'\n")
    (tmp_path / "debconf.conf").write_text(_MEMORY.format(tmp_path))
    for name in ("postinst", "postrm"):
        _script(tmp_path / f"{PROGRAM}.{name}", verbatim(name))
    for part in (".local/share", ".config", ".local/state"):
        (computer.home / part / PROGRAM).mkdir(parents=True)
        (computer.home / part / PROGRAM / "a file").touch()
        (computer.home / part / "of another program").mkdir()
    computer.install()
    return computer


def _script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _kept(computer: Computer) -> set[str]:
    return {str(path.relative_to(computer.home)) for path in computer.home.rglob("a file")}


_ALL = {f"{part}/{PROGRAM}/a file" for part in (".local/share", ".config", ".local/state")}


def test_where_nobody_answers_everything_is_kept(computer: Computer) -> None:
    computer.purge()
    assert _kept(computer) == _ALL


def test_no_keeps_everything(computer: Computer) -> None:
    computer.answer("false")
    computer.purge()
    assert _kept(computer) == _ALL


def test_yes_deletes_what_is_the_programs_and_nothing_else(computer: Computer) -> None:
    computer.answer("true")
    computer.purge()
    assert _kept(computer) == set()
    assert sorted(path.name for path in computer.home.glob(".local/*/*")) == ["of another program"] * 2


def test_links_are_not_followed(computer: Computer) -> None:
    elsewhere = computer.folder / "elsewhere"
    (computer.home / ".local").rename(elsewhere)
    (computer.home / ".local").symlink_to(elsewhere)
    (computer.home / ".config" / PROGRAM).rename(computer.folder / "settings")
    (computer.home / ".config" / PROGRAM).symlink_to(computer.folder / "settings")
    computer.answer("true")
    computer.purge()
    assert (elsewhere / "share" / PROGRAM / "a file").exists()
    assert (computer.folder / "settings" / "a file").exists()


def test_an_answer_counts_once(computer: Computer) -> None:
    computer.answer("true")
    computer.purge()
    (computer.home / ".config" / PROGRAM).mkdir(parents=True)
    computer.install()
    computer.purge()
    assert (computer.home / ".config" / PROGRAM).is_dir()


def test_where_debconf_forgot_the_question_everything_is_kept(computer: Computer) -> None:
    for name in ("answers.dat", "questions.dat"):
        (computer.folder / name).unlink()
    computer.purge()
    assert _kept(computer) == _ALL


def test_mere_removal_asks_nothing(computer: Computer) -> None:
    computer.answer("true")
    computer.run(computer.folder / f"{PROGRAM}.postrm", "remove")
    assert _kept(computer) == _ALL


def test_the_folders_are_those_of_the_program(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME)
    monkeypatch.setenv("HOME", str(computer.home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    computer.answer("true")
    assert data_folder().exists()
    log_folder().mkdir()
    computer.purge()
    assert not any(path.exists() for path in (data_folder(), settings_file().parent, log_folder()))
