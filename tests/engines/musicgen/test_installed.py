from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES, installed_models, is_checkpoint
from musicmed_desktop.paths import models_folder


def transformers_folder(folder: Path, content: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(content))
    return folder


def audiocraft_folder(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_both_kinds_of_folder_are_recognized(tmp_path: Path) -> None:
    assert is_checkpoint(transformers_folder(tmp_path / "a", {"model_type": "musicgen"}))
    assert is_checkpoint(audiocraft_folder(tmp_path / "b", *AUDIOCRAFT_FILES))


@pytest.mark.parametrize("content", [{"model_type": "musicgen_melody"}, {"model_type": "llama"}, {}, [], 3, "musicgen"])
def test_other_models_are_not(tmp_path: Path, content: object) -> None:
    assert not is_checkpoint(transformers_folder(tmp_path / "a", content))


def test_nor_are_broken_or_missing_ones(tmp_path: Path) -> None:
    broken = transformers_folder(tmp_path / "broken", {})
    for content in (b"{", b"\xff", b"[" * 100_000):
        (broken / "config.json").write_bytes(content)
        assert not is_checkpoint(broken)
    assert not is_checkpoint(tmp_path / "missing")
    assert not is_checkpoint(audiocraft_folder(tmp_path / "half", AUDIOCRAFT_FILES[0]))


def test_models_are_listed_by_name(tmp_path: Path) -> None:
    small = transformers_folder(tmp_path / "small", {"model_type": "musicgen"})
    large = audiocraft_folder(tmp_path / "large", *AUDIOCRAFT_FILES)
    transformers_folder(tmp_path / "other", {"model_type": "llama"})
    (tmp_path / "note.txt").touch()
    assert installed_models(tmp_path) == (large, small)


def test_no_folder_no_models(tmp_path: Path) -> None:
    assert installed_models(tmp_path / "missing") == ()
    (tmp_path / "file").touch()
    assert installed_models(tmp_path / "file") == ()


def test_models_lie_in_a_named_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSICMED_HOME", str(tmp_path))
    assert models_folder() == tmp_path / "models"


def test_looking_does_not_load_torch() -> None:
    look = "import musicmed_desktop.engines.musicgen.installed, sys; print('torch' in sys.modules)"
    looked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert looked.stdout.strip() == "False"
