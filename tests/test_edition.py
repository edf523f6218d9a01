"""What each edition says of itself, and of what it does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from musicmed_desktop import __version__
from musicmed_desktop.edition import Extra, edition, how_to_get, how_to_mend, version_words
from tests.fakes.editions import install, make_portable

EXTRAS: tuple[Extra, ...] = get_args(Extra)


def test_from_source_it_says_what_to_start() -> None:
    assert (edition(), version_words()) == ("source", __version__)
    assert [how_to_get(extra) for extra in EXTRAS] == [f"Start python3 packaging/dev.py setup {x}." for x in EXTRAS]
    assert how_to_mend("musicgen") == "Start python3 packaging/dev.py setup musicgen again."
    assert how_to_mend() == "Start python3 packaging/dev.py setup again."


def test_the_light_edition_sends_nobody_to_a_source_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tmp_path, light=True)
    assert (edition(), version_words()) == ("light", f"{__version__}, light edition")
    assert how_to_get("musicgen") == how_to_get("audiocraft")
    assert how_to_get("musicgen") == (
        "This is the light edition; the full edition has it. You find that one where you found this one. "
        "Your sessions stay."
    )
    assert how_to_mend() == "Please install the program again. Your sessions stay."


def test_the_full_edition_is_installed_again_where_something_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, light=False)
    assert version_words() == f"{__version__}, full edition"
    assert how_to_get("audiocraft") == how_to_mend("audiocraft") == how_to_mend()
    assert "dev.py" not in how_to_mend()


@pytest.mark.parametrize("light", [True, False])
def test_fine_tuning_is_in_no_installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, light: bool) -> None:
    install(monkeypatch, tmp_path, light=light)
    assert how_to_get("training").startswith("No installer holds it: it is set up from the program's source")


def test_who_has_a_portable_program_is_told_where_the_sessions_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_portable(monkeypatch, tmp_path)
    install(monkeypatch, tmp_path, light=True)
    assert version_words() == f"{__version__}, light edition, portable"
    assert "Your sessions are in the folder “MusicMed data”: keep it" in how_to_get("musicgen")
