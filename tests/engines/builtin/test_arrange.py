from __future__ import annotations

from functools import cache
from itertools import pairwise
from statistics import mean, pstdev

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.arrange import PlayedNote
from musicmed_desktop.engines.builtin.composer import Passage
from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.styles import STYLES, Style
from tests.engines.builtin.playing import write

CORNERS = (Affect(-1, -1), Affect(-1, 1), Affect(1, -1), Affect(1, 1), Affect(0, 0))
LEADING = sorted(tag for tag, instrument in INSTRUMENTS.items() if "lead" in instrument.roles)
BASSES = sorted(tag for tag, instrument in INSTRUMENTS.items() if "bass" in instrument.roles)


@cache
def passage(affect: Affect, genre: str = "ambient", instruments: tuple[str, ...] = (), seed: int = 1) -> Passage:
    return write([affect], genre, instruments, seed)[0][1]


def part(passage: Passage, *names: str) -> list[PlayedNote]:
    return [note for note in passage.notes if note.voice.part in names]


@pytest.mark.parametrize("tag", LEADING)
def test_melodies_stay_in_their_instruments_range(tag: str) -> None:
    """Wherever affect puts the register: a trombone cannot climb to a flute's."""
    for affect in CORNERS:
        for note in part(passage(affect, instruments=(tag,)), "lead"):
            assert note.voice.instrument.low <= note.pitch <= note.voice.instrument.high


@pytest.mark.parametrize("tag", LEADING)
def test_melodies_have_room_to_move(tag: str) -> None:
    """Also a trombone's, where happiness asks for a flute's register."""
    for affect in (Affect(1.0, 0.3), Affect(-1.0, 0.3)):
        pitches = [note.pitch for seed in (1, 2, 3) for note in part(passage(affect, "folk", (tag,), seed), "lead")]
        assert max(pitches) - min(pitches) >= 7


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_basses_stay_in_their_instruments_range(style: Style) -> None:
    for affect in CORNERS:
        notes = part(passage(affect, style.genres[0]), "bass")
        assert notes
        assert all(note.voice.instrument.low <= note.pitch <= note.voice.instrument.high for note in notes)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_style_has_a_melody_chords_a_bass_and_a_bed(style: Style) -> None:
    played = {note.voice.part for seed in (1, 2) for note in passage(Affect(0.2, 0.1), style.genres[0], (), seed).notes}
    assert {"lead", "chords", "pad", "bass", "bed"} <= played


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_notes_can_be_performed(style: Style) -> None:
    for affect in CORNERS:
        for note in passage(affect, style.genres[0]).notes:
            assert note.start >= 0.0
            assert note.length > 0.0
            assert 0 <= note.pitch <= 127
            assert 1 <= note.velocity <= 127
            assert 0.0 <= note.brightness <= 1.0
            assert 0.0 <= note.attack_s <= 2.0


def test_the_bed_never_stops() -> None:
    played = passage(Affect(-0.3, 0.4))
    starts = {note.start for note in part(played, "bed")}
    assert starts == {4.0 * bar for bar in range(len(played.bars))}
    assert all(note.length == 4.0 for note in part(played, "bed"))


def test_a_human_hand_is_a_little_early_and_late() -> None:
    """Off the eighths by some hundredths of a beat, and not with the same touch twice."""
    notes = part(passage(Affect(0.3, 0.2), "classical"), "lead", "bass")
    away = [note.start * 2 - round(note.start * 2) for note in notes if note.start > 0.1]
    assert 0.005 < pstdev(away) < 0.06
    assert max(map(abs, away)) < 0.15
    assert pstdev(note.velocity for note in notes) > 1.0


def test_jazz_swings() -> None:
    def offbeats(genre: str) -> float:
        notes = [n for s in (1, 2, 3) for n in part(passage(Affect(0.5, 0.5), genre, ("piano",), s), "lead")]
        return mean(note.start % 1 for note in notes if 0.35 < note.start % 1 < 0.8)

    assert offbeats("classical") == pytest.approx(0.5, abs=0.02)
    assert 0.57 < offbeats("jazz") < 0.68


def test_calm_music_is_played_legato() -> None:
    def sounding(arousal: float) -> float:
        """The share of its time, from one note to the next, for which a blown note sounds."""
        notes = sorted(part(passage(Affect(0.0, arousal), instruments=("flute",)), "lead"), key=lambda n: n.start)
        gaps = [b.start - a.start for a, b in pairwise(notes)]
        return mean(note.length / gap for note, gap in zip(notes, gaps, strict=False) if 0.4 < gap < 3.2)

    assert sounding(-0.8) > sounding(0.8) + 0.1


def test_sustained_notes_begin_softly_when_sad_and_struck_ones_at_once() -> None:
    sad = part(passage(Affect(-0.8, -0.5), instruments=("clarinet",)), "lead")
    happy = part(passage(Affect(0.8, 0.5), instruments=("clarinet",)), "lead")
    assert min(note.attack_s for note in sad) > max(note.attack_s for note in happy)
    assert {note.attack_s for note in part(passage(Affect(-0.8, -0.5), instruments=("piano",)), "lead")} == {0.0}


def test_only_tense_music_adds_clashing_notes_to_its_pad() -> None:
    def crowded(affect: Affect) -> int:
        played = passage(affect, "classical", (), 3)
        bars = [[n.pitch for n in part(played, "pad") if n.start == 4.0 * bar] for bar in range(len(played.bars))]
        return sum(any(abs(a - b) == 1 for a in bar for b in bar) for bar in bars)

    assert crowded(Affect(0.8, -0.5)) <= 2  # a major seventh may lie so by itself
    assert crowded(Affect(-1.0, 1.0)) >= 4


def test_two_leads_take_turns() -> None:
    names = [
        {note.voice.instrument.tag for note in part(written, "lead", "second lead")}
        for _, written in write([Affect(0.3, 0.3)] * 4, instruments=("violin", "oboe"))
    ]
    assert set.union(*names) == {"violin", "oboe"}


@pytest.mark.parametrize("tag", BASSES)
def test_whoever_plays_the_bass_can(tag: str) -> None:
    asked = ("violin", "trumpet", "harp", tag)  # melody and chords are taken
    notes = part(passage(Affect(0.4, 0.4), "jazz", asked), "bass")
    assert {note.voice.instrument.tag for note in notes} == {tag}
    assert all(note.voice.instrument.low <= note.pitch <= note.voice.instrument.high for note in notes)
