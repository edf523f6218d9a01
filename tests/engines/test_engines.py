from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop.engines import ENGINES, open_engine
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.errors import UserError


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_opens_by_its_name(name: str) -> None:
    engine = open_engine(name, bundled_soundfont())
    assert engine.name == name
    assert engine.version
    assert (engine.sample_rate, engine.channels) == (44_100, 2)


def test_the_version_names_the_sounds() -> None:
    """Another SoundFont makes other samples of the same seed."""
    assert bundled_soundfont().stem in open_engine("builtin", bundled_soundfont()).version


def test_an_unknown_engine_is_told_in_words() -> None:
    with pytest.raises(UserError, match="no engine named bultin") as caught:
        open_engine("bultin")
    assert "builtin" in caught.value.hint


def test_a_soundfont_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        open_engine("builtin", tmp_path / "missing.sf2")
