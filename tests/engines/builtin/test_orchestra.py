from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.orchestra import Orchestra, orchestrate
from musicmed_desktop.engines.builtin.styles import STYLES, Style
from tests.engines.builtin.properties import forall

SEATS = ("lead", "lead", "chords", "pad", "bass", "drums")

styles = st.sampled_from(STYLES)
tags = st.sampled_from(sorted(INSTRUMENTS))


def heard(orchestra: Orchestra) -> set[str]:
    return {voice.instrument.tag for voice in (*orchestra.leads, orchestra.chords, orchestra.pad, orchestra.bass)}


def have_seats(asked: tuple[str, ...]) -> bool:
    """Whether each of the asked can have a seat of its own, by trying every way to sit."""
    return any(
        all(seat in INSTRUMENTS[tag].roles for seat, tag in zip(seats, asked, strict=True))
        for seats in permutations(SEATS, len(asked))
    )


@pytest.mark.parametrize("tag", sorted(tag for tag, i in INSTRUMENTS.items() if i.program >= 0))
def test_an_instrument_that_is_asked_for_plays(tag: str) -> None:
    assert all(tag in heard(orchestrate(style, (tag,))) for style in STYLES)


@forall(styles, st.lists(tags, min_size=2, max_size=4, unique=True).map(tuple))
def test_all_that_are_asked_for_play_as_long_as_seats_allow(style: Style, asked: tuple[str, ...]) -> None:
    playing = heard(orchestrate(style, asked))
    pitched = [tag for tag in asked if INSTRUMENTS[tag].program >= 0]
    if have_seats(asked):
        assert playing >= set(pitched)
    elif pitched:  # who was asked for first has his seat
        assert pitched[0] in playing


@pytest.mark.parametrize(
    "asked",
    [
        ("organ", "pipeorgan"),
        ("strings", "pad"),
        ("piano", "trumpet", "trombone"),
        ("piano", "cello", "bass"),
        ("cello", "violin", "viola", "harp"),
    ],
)
def test_who_can_do_more_makes_room_for_who_cannot(asked: tuple[str, ...]) -> None:
    assert heard(orchestrate(STYLES[0], asked)) >= set(asked)


@forall(styles, st.lists(st.sampled_from(("voice", "beat", "computer", "", "Piano", "ukulele"))).map(tuple))
def test_tags_that_nothing_here_can_play_are_left_out(style: Style, unknown: tuple[str, ...]) -> None:
    assert orchestrate(style, unknown) == orchestrate(style, ())
    assert orchestrate(style, ("voice", "cello", *unknown)) == orchestrate(style, ("cello",))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_without_a_wish_the_styles_own_play(style: Style) -> None:
    orchestra = orchestrate(style, ())
    assert tuple(voice.instrument.tag for voice in orchestra.leads) == style.leads
    assert (orchestra.chords.instrument.tag, orchestra.pad.instrument.tag) == (style.chords, style.pad)
    assert (orchestra.bass.instrument.tag, orchestra.kit) == (style.bass, style.kit)


def test_a_piano_alone_plays_melody_and_chords() -> None:
    orchestra = orchestrate(STYLES[0], ("piano",))
    assert [voice.instrument.tag for voice in orchestra.leads] == ["piano"]
    assert orchestra.chords.instrument.tag == "piano"


@pytest.mark.parametrize("drums", ["drums", "percussion", "drummachine", "bongo"])
@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_who_asks_for_drums_gets_a_kit(style: Style, drums: str) -> None:
    assert orchestrate(style, ("piano", drums)).kit != "none"


@forall(styles, st.lists(tags, max_size=5).map(tuple))
def test_parts_have_names_of_their_own_and_places_in_the_room(style: Style, asked: tuple[str, ...]) -> None:
    orchestra = orchestrate(style, asked)
    assert 1 <= len(orchestra.leads) <= 2
    voices = (*orchestra.leads, orchestra.chords, orchestra.pad, orchestra.bass, orchestra.bed, orchestra.drums)
    assert len({voice.part for voice in voices}) == len(voices)
    assert all(-1.0 <= voice.pan <= 1.0 and 0.0 <= voice.send <= 1.0 for voice in voices)
    assert orchestra.bass.pan == 0.0  # low notes come from the middle
