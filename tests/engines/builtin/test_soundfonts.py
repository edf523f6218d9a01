from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musicmed_desktop.engines.builtin import soundfonts
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont, choose_soundfont, system_soundfonts
from musicmed_desktop.errors import UserError


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands in for this system's SoundFonts."""
    folder = tmp_path / "sf2"
    folder.mkdir()
    monkeypatch.setitem(soundfonts._SYSTEM_FOLDERS, sys.platform, (str(folder), str(tmp_path / "none")))
    return folder


def copy(place: Path) -> Path:
    place.write_bytes(bundled_soundfont().read_bytes())
    return place


def test_the_bundled_font_comes_along() -> None:
    assert bundled_soundfont().is_file()
    assert choose_soundfont(bundled_soundfont()) == bundled_soundfont()


@pytest.mark.usefixtures("system")
def test_where_the_system_has_none_the_bundled_one_plays() -> None:
    assert system_soundfonts() == []
    assert choose_soundfont() == bundled_soundfont()


def test_a_better_one_of_the_systems_is_picked_up(system: Path) -> None:
    fluid = copy(system / "FluidR3_GM.sf2")
    assert choose_soundfont() == fluid
    assert choose_soundfont() == fluid
    muse = copy(system / "MuseScore_General.sf2")
    assert choose_soundfont() == muse
    assert set(system_soundfonts()) == {fluid, muse}


def test_an_unknown_one_of_the_systems_is_listed_but_not_picked(system: Path) -> None:
    other = copy(system / "Chiptune.SF2")
    (system / "readme.txt").write_text("no sounds")
    assert system_soundfonts() == [other]
    assert choose_soundfont() == bundled_soundfont()


def test_a_broken_one_of_the_systems_is_passed_over(system: Path) -> None:
    """The listener has not chosen it, so it is none of his business."""
    broken = copy(system / "MuseScore_General.sf2")
    broken.write_bytes(broken.read_bytes()[:-1000])
    assert choose_soundfont() == bundled_soundfont()
    whole = copy(system / "FluidR3_GM.sf2")
    assert choose_soundfont() == whole


def test_the_listeners_own_goes_first(system: Path, tmp_path: Path) -> None:
    copy(system / "FluidR3_GM.sf2")
    own = copy(tmp_path / "my sounds.SF2")
    assert choose_soundfont(own) == own


def test_the_listeners_own_must_be_one(tmp_path: Path) -> None:
    text = tmp_path / "notes.sf2"
    text.write_text("these are notes, but no sounds")
    with pytest.raises(UserError, match="is not a SoundFont") as caught:
        choose_soundfont(text)
    assert ".sf2" in caught.value.hint


def test_the_listeners_own_must_be_whole(tmp_path: Path) -> None:
    cut = copy(tmp_path / "cut.sf2")
    cut.write_bytes(cut.read_bytes()[:-1000])
    with pytest.raises(UserError, match="cannot be read"):
        choose_soundfont(cut)
    with pytest.raises(UserError, match="cannot be read"):
        choose_soundfont(tmp_path / "missing.sf2")
