"""The bundled sounds, opened once: every computer that runs the tests has the same."""

from __future__ import annotations

import pytest

from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.engines.builtin.sampler import Sampler
from musicmed_desktop.engines.builtin.soundfont import SoundFont
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont


@pytest.fixture(scope="session")
def font() -> SoundFont:
    return SoundFont(bundled_soundfont())


@pytest.fixture(scope="session")
def sampler() -> Sampler:
    return Sampler(bundled_soundfont())


@pytest.fixture(scope="session")
def engine() -> BuiltinEngine:
    return BuiltinEngine(bundled_soundfont())
