from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop import paths
from musicmed_desktop.engines.musicgen import pace
from musicmed_desktop.engines.musicgen.pace import forget, keep, recall, remember, remembered
from tests.fakes.editions import install, make_portable


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "musicgen-small"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"x" * 100)
    return folder


def test_what_was_measured_is_remembered(model: Path) -> None:
    assert remembered(model) is None
    remember(model, 0.75)
    assert remembered(model) == 0.75
    remember(model, 0.5)
    assert remembered(model) == 0.5


def test_what_was_measured_can_be_forgotten(model: Path) -> None:
    forget()  # nothing yet
    remember(model, 0.75)
    forget()
    assert remembered(model) is None


def test_models_are_kept_apart(model: Path, tmp_path: Path) -> None:
    remember(model, 0.75)
    other = tmp_path / "musicgen-large"
    other.mkdir()
    assert remembered(other) is None
    remember(other, 6.0)
    assert (remembered(model), remembered(other)) == (0.75, 6.0)


def test_another_model_of_the_same_name_is_measured_anew(model: Path) -> None:
    remember(model, 0.75)
    (model / "model.safetensors").write_bytes(b"x" * 101)
    assert remembered(model) is None


@pytest.mark.parametrize("changed", ["__version__", "version", "os.cpu_count"])
def test_another_program_torch_or_computer_is_measured_anew(
    model: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    remember(model, 0.75)
    value = "99" if changed == "__version__" else lambda *_: 99
    monkeypatch.setattr(f"{pace.__name__}.{changed}", value)
    assert remembered(model) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'"fast"', b"\xff\xfe"])
def test_a_broken_file_is_forgotten(model: Path, home: Path, raw: bytes) -> None:
    home.mkdir()
    (home / "paces.json").write_bytes(raw)
    assert remembered(model) is None
    remember(model, 0.75)
    assert remembered(model) == 0.75


def test_a_value_that_is_no_number_is_measured_anew(model: Path, home: Path) -> None:
    remember(model, 0.75)
    file = home / "paces.json"
    file.write_text(file.read_text().replace("0.75", '"quick"'))
    assert remembered(model) is None


def test_where_nothing_can_be_written_nothing_is_remembered(model: Path, home: Path) -> None:
    home.write_text("a file, not a folder")
    remember(model, 0.75)
    assert remembered(model) is None


def test_a_folder_that_has_gone_has_no_pace(tmp_path: Path) -> None:
    assert remembered(tmp_path / "gone") is None


def test_a_stick_does_not_tell_one_computer_of_anothers_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_portable(monkeypatch, tmp_path)
    install(monkeypatch, tmp_path, light=False)
    monkeypatch.setattr("platform.node", lambda: "annas-laptop")
    keep("small", 0.5)
    assert recall("small") == 0.5
    assert "annas-laptop" not in (data / "paces.json").read_text()
    monkeypatch.setattr("platform.node", lambda: "practice")
    assert recall("small") is None
