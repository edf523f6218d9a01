from __future__ import annotations

import builtins
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from musicmed_desktop import doctor

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_it_finds_what_is_here() -> None:
    findings = {finding.name: finding for finding in doctor.examine()}
    assert findings["Python"].text.startswith(".".join(map(str, sys.version_info[:3])))
    assert {findings[name].status for name in (*doctor.PACKAGES, *doctor.CARRIERS)} == {"ok"}
    assert findings["SoundFont"].status == "ok"
    assert "missing" not in {finding.status for finding in findings.values()}


def test_every_package_of_the_project_is_looked_at() -> None:
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    looked_at = {*doctor.PACKAGES, *doctor.CARRIERS, *doctor.WINDOW, "sounddevice"}
    assert looked_at == {requirement.partition("==")[0] for requirement in declared}


@pytest.mark.parametrize("look", [doctor.package, doctor.carrier])
def test_a_package_that_is_not_there_is_missing_with_a_way_out(
    look: Callable[[str, str], doctor.Finding],
) -> None:
    finding = look("musicmed_no_such_package", "this test")
    assert finding.status == "missing"
    assert "this test" in finding.text
    assert "setup" in finding.hint


def test_without_portaudio_it_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def no_portaudio(name: str, *rest: object) -> ModuleType:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return load(name, *rest)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", no_portaudio)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    finding = doctor.sound_output()
    assert finding.status == "note"
    assert "libportaudio2" in finding.hint


def test_torch_is_not_loaded_where_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    assert doctor.graphics().status == "note"
    assert "torch" not in sys.modules
