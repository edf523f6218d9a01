"""Stand-ins for xformers, torchaudio and librosa: there for AudioCraft, and for nobody else."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from musicmed_desktop.engines.audiocraft import standins
from musicmed_desktop.engines.audiocraft.standins import import_audiocraft
from musicmed_desktop.errors import UserError


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages in front of all others; none of these is loaded yet."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("librosa", "torchaudio", "xformers")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def package(folder: Path, name: str, code: str, submodule: str, more: str = "") -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(code)
    (folder / name / f"{submodule}.py").write_text(more)


def forget(*names: str) -> None:
    for name in names:
        sys.modules.pop(name, None)


def test_audiocraft_loads_and_leaves_no_false_packages_behind() -> None:
    audiocraft = import_audiocraft()
    assert audiocraft.__version__ == "1.3.0"
    for name in ("torchaudio", "xformers"):
        assert (name in sys.modules) <= (find_spec(name) is not None)


@pytest.mark.skipif(find_spec("torchaudio") is not None, reason="the real torchaudio is installed")
def test_transformers_is_not_led_to_believe_in_torchaudio() -> None:
    from transformers.utils import import_utils

    import_audiocraft()
    assert not import_utils.is_torchaudio_available()


def test_what_is_missing_is_stood_in_for_and_only_meanwhile(elsewhere: Path) -> None:
    package(elsewhere, "torchaudio", "raise OSError('built for another torch')", "transforms")
    package(elsewhere, "xformers", "raise ImportError('built for another torch')", "ops")
    package(elsewhere, "librosa", "raise ImportError('left out')", "filters")
    with standins._stand_ins():
        transforms = importlib.import_module("torchaudio.transforms")
        ops = importlib.import_module("xformers.ops")
        with pytest.raises(RuntimeError, match="MelSpectrogram needs the real package"):
            transforms.MelSpectrogram(sample_rate=32_000)
        with pytest.raises(RuntimeError, match="needs the real package"):
            importlib.import_module("librosa.filters").chroma(sr=32_000)
        x = torch.arange(6).view(3, 2)
        assert [part.tolist() for part in ops.unbind(x, dim=0)] == x.tolist()
    with pytest.raises(OSError, match="built for another torch"):
        importlib.import_module("torchaudio")
    with pytest.raises(ImportError, match="built for another torch"):
        importlib.import_module("xformers")
    with pytest.raises(ImportError, match="left out"):
        importlib.import_module("librosa")
    assert importlib.import_module("xformers.ops") is ops  # which attention asks for while it runs
    forget("xformers.ops")


def test_what_is_there_is_used(elsewhere: Path) -> None:
    package(elsewhere, "torchaudio", "", "transforms", "MelSpectrogram = 'real'")
    package(elsewhere, "xformers", "", "ops", "unbind = 'real'")
    package(elsewhere, "librosa", "", "filters", "chroma = 'real'")
    with standins._stand_ins():
        assert importlib.import_module("torchaudio.transforms").MelSpectrogram == "real"
        assert importlib.import_module("xformers.ops").unbind == "real"
        assert importlib.import_module("librosa.filters").chroma == "real"
    assert importlib.import_module("torchaudio.transforms").MelSpectrogram == "real"
    forget("librosa", "librosa.filters", "torchaudio", "torchaudio.transforms", "xformers", "xformers.ops")


def test_without_audiocraft_it_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import_audiocraft()
    monkeypatch.setitem(sys.modules, "audiocraft", None)
    with pytest.raises(UserError, match="AudioCraft is not installed") as raised:
        import_audiocraft()
    assert "packaging/dev.py setup audiocraft" in raised.value.hint
    assert "--no-deps audiocraft==1.3.0" in raised.value.detail
