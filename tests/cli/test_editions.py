"""The terminal program of an installer, where something is asked of it that it does not hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from musicmed_desktop.paths import HOME
from tests.fakes.editions import install

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

LIGHT = "This is the light edition; the full edition has it. You find that one where you found this one."


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("train", "--model", "small", "--dataset", "music", "--out", "tuned"), "Fine-tuning"),
        (("evaluate", "--builtin", "--no-clap", "--out", "table"), "Evaluation"),
    ],
)
def test_what_is_in_no_installer_is_told_before_any_work(
    musicmed: Musicmed, place: Path, monkeypatch: pytest.MonkeyPatch, light: bool, command: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(place)
    install(monkeypatch, place, light=light)
    ran = musicmed(*command)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"{name} is not installed. No installer holds it: it is set up from the program's source, by "
        "python3 packaging/dev.py setup training.\n"
    )
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ("bench",),
        ("models", "download", "musicgen-small"),
        ("models", "import", "nothing"),
        ("compose", "--engine", "musicgen", "--from", "sad", "--to", "calm", "--out", "session"),
        ("compose", "--engine", "audiocraft", "--from", "sad", "--to", "calm", "--out", "session"),
    ],
    ids=" ".join,
)
def test_what_the_full_edition_has_is_told_by_the_light_one_at_once(
    musicmed: Musicmed, place: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(place)
    install(monkeypatch, place, light=True)
    ran = musicmed(*command)
    assert (ran.code, ran.out) == (2, "")
    assert f" is not installed. {LIGHT} Your sessions stay." in ran.err
    assert len(ran.err.splitlines()) == 1


def test_the_light_edition_offers_no_models(musicmed: Musicmed, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, place, light=True)
    listed = " ".join(musicmed("models", "list").out.split())
    assert f"Music models need MusicGen. {LIGHT}" in listed
    assert "musicgen-small" not in listed
    assert json.loads(musicmed("models", "list", "--json").out)["available"]  # for programs it is what there is
