"""A small random MusicGen on the disk, its encoder, and music that takes no time to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray

from musicmed_desktop.training.codes.encoder import Encoder
from tests.fakes.musicgen import save_transformers, tiny_transformers

Music = Callable[..., Path]


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """So small matrices are not worth sharing out; with other programs running, waiting for each other takes long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def model() -> Any:
    return tiny_transformers()


@pytest.fixture(scope="session")
def folder(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(model, tmp_path_factory.mktemp("musicgen"))


@pytest.fixture(scope="session")
def encoder(folder: Path) -> Encoder:
    return Encoder(folder)


@pytest.fixture
def music(tmp_path: Path) -> Music:
    """Writes a file of `seconds`, of another sound for another seed, in the format that its name tells."""

    def write(name: str, seconds: float = 5.0, rate: int = 32_000, channels: int = 1, seed: int = 0) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, sound(seconds, rate, channels, seed), rate)
        return file

    return write


def sound(seconds: float, rate: int, channels: int = 1, seed: int = 0) -> NDArray[np.float32]:
    """[n, channels]: noise that swells twice a second, louder in the first channel than in the next."""
    count = round(seconds * rate)
    noise = np.random.default_rng(seed).standard_normal((count, channels), np.float32)
    swell = 0.1 + 0.05 * np.sin(4 * np.pi * np.arange(count, dtype=np.float32) / rate)
    return (noise * swell[:, None] / np.arange(1, channels + 1)).astype(np.float32)
