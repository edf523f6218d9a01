from __future__ import annotations

import builtins
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from packaging.utils import canonicalize_name

from musicmed_desktop import doctor
from musicmed_desktop.engines.models.manifest import Manifest, ManifestFile, write_manifest
from musicmed_desktop.engines.musicgen.pace import remember
from musicmed_desktop.paths import HOME, settings_file
from musicmed_desktop.settings import Settings, save_settings
from tests.fakes.editions import install, make_portable

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
    named = {requirement.partition("==")[0] for requirement in declared}
    assert {canonicalize_name(name) for name in looked_at} == {canonicalize_name(name) for name in named}


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


def test_without_musicgen_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    finding = doctor.musicgen()
    assert (finding.status, finding.text) == ("note", "not installed (torch, transformers)")
    assert "setup musicgen" in finding.hint
    assert doctor.placement().status == "note"


def test_torch_is_loaded_only_where_there_is_a_model() -> None:
    program = (
        "import sys; from musicmed_desktop.doctor import musicgen, models, placement;"
        "print(musicgen().status, models().status, placement().status, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ok", "note", "note", "False"]


def test_models_their_paces_records_and_the_place_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))
    models = tmp_path / "models"
    for name in ("large", "small"):
        (models / name).mkdir(parents=True)
        (models / name / "config.json").write_text('{"model_type": "musicgen"}')
    (models / "tender").mkdir()
    file = ManifestFile(path="adapter_config.json", size=2_400_000, sha256="0" * 64)
    write_manifest(models / "tender", Manifest(name="tender", kind="adapter", files=(file,)))
    remember(models / "small", 0.456)
    finding = doctor.models()
    assert finding.status == "ok"
    described = "large (26 bytes, no record), small (26 bytes, 0.46 s for a second of music, no record)"
    assert finding.text == f"{described}, tender (adapter, 2.4 MB) in {models}"
    assert finding.hint.startswith("There is no record of the files of large, small, which")
    place = doctor.placement()
    assert place.status == "ok"
    assert place.text.startswith("MusicGen makes the music on")


def test_an_adapter_alone_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))
    (tmp_path / "models" / "tender").mkdir(parents=True)
    (tmp_path / "models" / "tender" / "adapter_config.json").write_text("{}")
    finding = doctor.models()
    assert finding.status == "note"
    assert finding.text.startswith("tender (adapter, 2 bytes, no record) in ")
    assert "musicmed models list" in finding.hint


def test_the_light_edition_says_so_and_where_the_full_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))
    install(monkeypatch, tmp_path, light=True)
    findings = {finding.name: finding for finding in doctor.examine()}
    assert findings["MusicMed Desktop"].text.endswith(", light edition")
    assert "the full edition has it" in findings["MusicGen"].hint
    assert findings["music models"].hint == ""
    assert "missing" not in {finding.status for finding in findings.values()}
    assert not any("dev.py" in finding.hint for finding in findings.values())


def test_it_says_where_all_is_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_portable(monkeypatch, tmp_path)
    install(monkeypatch, tmp_path, light=True)
    assert doctor.places().text == (
        f"sessions in {data}; models in {data / 'models'}; settings in {data}; crash reports in {data / 'log'}"
    )
    save_settings(Settings(library_folder=tmp_path / "mine"), settings_file())
    assert doctor.places().text.startswith(f"sessions in {tmp_path / 'mine'}; ")
    settings_file().write_text("{")
    assert doctor.places().status == "note"
