from __future__ import annotations

import pytest

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.percussion import KITS
from musicmed_desktop.engines.builtin.styles import STYLES, Style, style_for
from musicmed_desktop.paths import resource


def genres() -> list[str]:
    lines = resource("cooccurrence_genre.tsv").read_text("utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if not line.startswith("#")][2:]


def test_the_seven_styles() -> None:
    names = [style.name for style in STYLES]
    assert names == ["ambient", "solo piano", "acoustic", "lo-fi", "cinematic", "jazz", "electronic"]


def test_every_genre_of_the_dataset_has_one_style_of_its_own() -> None:
    served = [genre for style in STYLES for genre in style.genres]
    assert len(served) == len(set(served))
    assert set(genres()) <= set(served)


@pytest.mark.parametrize(
    ("genre", "style"),
    [
        ("ambient", "ambient"),
        ("classical", "solo piano"),
        ("folk", "acoustic"),
        ("hiphop", "lo-fi"),
        ("soundtrack", "cinematic"),
        ("bossanova", "jazz"),
        ("techno", "electronic"),
    ],
)
def test_genres_come_to_their_style(genre: str, style: str) -> None:
    assert style_for(genre).name == style


@pytest.mark.parametrize("genre", ["", "polka", "Ambient"])
def test_what_no_style_names_is_ambient(genre: str) -> None:
    assert style_for(genre).name == "ambient"


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_styles_instruments_can_play_their_parts(style: Style) -> None:
    assert all("lead" in INSTRUMENTS[tag].roles for tag in style.leads)
    assert 1 <= len(style.leads) <= 2
    for role, tag in (("chords", style.chords), ("pad", style.pad), ("bass", style.bass)):
        assert role in INSTRUMENTS[tag].roles
    assert style.kit in KITS


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_styles_measures_are_in_bounds(style: Style) -> None:
    for share in (style.colour, style.room, style.wet, style.melody):
        assert 0.0 <= share <= 1.0
    assert 0.5 <= style.swing <= 0.67
    assert 2_000.0 <= style.top_hz <= 20_000.0


def test_styles_differ_in_sound() -> None:
    assert len({(s.leads, s.chords, s.bass, s.kit) for s in STYLES}) == 7
