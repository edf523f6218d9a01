from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import torch

from musicmed_desktop.engines.audiocraft import AudioCraftEngine
from tests.fakes.audiocraft import save_audiocraft

WINDOW_S = 3.0


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Generator[None]:
    """Such small models are slowed down by a second thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_audiocraft(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def engine(folder: Path) -> AudioCraftEngine:
    """A tiny model that writes 3 s at a time, so that a clip of a few seconds needs several windows."""
    engine = AudioCraftEngine(folder, device="cpu")
    engine._model.max_duration = WINDOW_S  # AudioCraft loads none with less than 18 s
    return engine
