"""System packages, with stand-ins for the package managers."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest
from devtools.system import INSTALLERS, PORTAUDIO, PULSEAUDIO, QT, Need, install_command, needs, provide

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="only Linux needs system packages")


class Tools:
    """A PATH with stand-ins that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "calls"

    def add(self, name: str, body: str = "exit 0") -> None:
        script = self.folder / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{body}\n')
        script.chmod(0o755)

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return Tools(tmp_path)


@pytest.mark.parametrize(
    ("manager", "package"),
    [
        ("apt-get", "libportaudio2"),
        ("dnf", "portaudio"),
        ("pacman", "portaudio"),
        ("zypper", "libportaudio2"),
    ],
)
def test_each_package_manager_has_its_command(tools: Tools, manager: str, package: str) -> None:
    tools.add(manager)
    command = install_command(PORTAUDIO)
    assert command is not None
    assert (command[0], command[-1]) == (manager, package)


def test_the_administrator_gets_it_installed(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tools.add("apt-get")
    assert provide(PORTAUDIO)
    assert tools.calls() == ["apt-get install -y --no-install-recommends libasound2-plugins libportaudio2"]


def test_a_fresh_debian_gets_its_package_lists_first(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tools.add("apt-get", f'[ "$1" = update ] && : > "{tools.folder}/lists"; [ -e "{tools.folder}/lists" ]')
    assert provide(PORTAUDIO)
    assert [call.split()[1] for call in tools.calls()] == ["install", "update", "install"]


def test_sudo_without_a_password_is_used(tools: Tools) -> None:
    tools.add("sudo")
    tools.add("dnf")
    assert provide(PORTAUDIO)
    assert tools.calls() == ["sudo -n true", "sudo -n dnf install -y portaudio"]


def test_where_a_password_is_needed_the_command_is_shown(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    tools.add("sudo", "exit 1")
    tools.add("apt-get")
    assert not provide(PORTAUDIO)
    assert "sudo apt-get install -y --no-install-recommends libasound2-plugins libportaudio2" in capsys.readouterr().err
    assert tools.calls() == ["sudo -n true"]


def test_an_unknown_system_is_told_what_is_missing(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    assert not provide(PORTAUDIO)
    assert "Missing: PortAudio" in capsys.readouterr().err
    assert tools.calls() == []


def test_several_packages_are_installed_at_once(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tools.add("dnf")
    assert provide(PULSEAUDIO)
    assert tools.calls() == ["dnf install -y pulseaudio pulseaudio-utils alsa-plugins-pulseaudio"]


def test_only_the_tests_need_a_sound_server_and_they_try_the_installers_too() -> None:
    assert needs([]) == (PORTAUDIO, QT)
    assert needs(["bundle", "musicgen"]) == (PORTAUDIO, QT, INSTALLERS)
    assert needs(["test"]) == (PORTAUDIO, QT, PULSEAUDIO, INSTALLERS)


@pytest.mark.parametrize(
    ("libraries", "programs", "missing"),
    [((), (), False), (("c",), ("here",), False), (("no-such-library",), (), True), ((), ("here", "not-here"), True)],
)
def test_a_need_is_missing_when_a_part_of_it_is(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, libraries: tuple[str, ...], programs: tuple[str, ...], missing: bool
) -> None:
    tools.add("here")
    # The programs that look libraries up are the system's own.
    monkeypatch.setenv("PATH", os.pathsep.join([str(tools.folder), "/sbin", "/usr/sbin", "/bin", "/usr/bin"]))
    assert Need("a part", {}, libraries, programs).missing() is missing
