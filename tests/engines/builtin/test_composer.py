from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import EXIT_TOLERANCE_S
from musicmed_desktop.engines.builtin.arrange import PlayedNote
from musicmed_desktop.engines.builtin.composer import Passage, compose, compose_last
from musicmed_desktop.engines.builtin.form import phrase_lengths
from musicmed_desktop.engines.builtin.piece import PHRASES_PER_KEY, begin
from tests.engines.builtin.playing import step, write
from tests.engines.builtin.properties import forall

BEATS = 4
LEADS = ("lead", "second lead")
GLAD, SAD = Affect(0.9, 0.0), Affect(-0.9, 0.0)

affects = st.builds(Affect, st.floats(-1, 1), st.floats(-1, 1))


@forall(affects, affects, st.floats(24.0, 36.0), st.integers(0, 1000), examples=25)
def test_clips_meet_their_length_and_keep_their_notes_inside(
    leaving: Affect, target: Affect, seconds: float, seed: int
) -> None:
    state = begin(seed, step(leaving, "jazz"), leaving)
    passage, after = compose(state, target, seconds, seed, settled=False)
    assert abs(passage.seconds - seconds) <= EXIT_TOLERANCE_S
    assert after.bpm == passage.bars[-1].bpm
    assert after.phrase == state.phrase + len(phrase_lengths(len(passage.bars)))
    assert after.aim.distance(target) < 0.6  # a take's own reading of the target
    assert all(0.0 <= note.start < BEATS * len(passage.bars) for note in passage.notes)


@forall(affects, affects, st.floats(24.0, 36.0), st.integers(0, 1000), examples=25)
def test_the_last_clip_is_exactly_as_long_as_asked(leaving: Affect, target: Affect, seconds: float, seed: int) -> None:
    passage = compose_last(begin(seed, step(leaving), leaving), target, seconds, seed)
    assert passage.seconds == pytest.approx(seconds, abs=1e-6)
    assert passage.ending_s > 0.0


def test_a_seed_is_a_clip_and_another_another() -> None:
    state = begin(1, step(GLAD), GLAD)
    assert compose(state, GLAD, 30.0, 7, False) == compose(state, GLAD, 30.0, 7, False)
    tunes = {_tune(compose(state, GLAD, 30.0, seed, False)[0]) for seed in range(12)}
    assert len(tunes) == 12


def test_another_session_has_other_notes_not_only_another_touch() -> None:
    tunes = {_tune(passage) for seed in range(12) for _, passage in write([GLAD], seed=seed)}
    assert len(tunes) == 12


@pytest.mark.parametrize("mood", [GLAD, SAD, Affect(0.4, -0.4), Affect(-0.3, 0.5)])
def test_motifs_return(mood: Affect) -> None:
    """Figures of three notes in clip 5 that were heard in clip 1: far more in one session than across sessions."""
    sessions = [write([mood] * 5, seed=seed) for seed in range(8)]
    first = [_figures(walk[0][1]) for walk in sessions]
    fifth = [_figures(walk[4][1]) for walk in sessions]
    same = mean(_known(first[i], fifth[i]) for i in range(8))
    other = mean(_known(first[i], fifth[j]) for i in range(8) for j in range(8) if i != j)
    assert same > 0.1
    assert same > 3 * other


def test_tempo_goes_on_across_clips() -> None:
    walk = write([Affect(-0.6, 0.8), Affect(-0.2, 0.3), Affect(0.3, -0.3), Affect(0.5, -0.6)])
    for (_, before), (_, after) in pairwise(walk):
        assert after.bars[0].bpm / before.bars[-1].bpm == pytest.approx(1.0, abs=0.041)


@pytest.mark.parametrize("seed", range(6))
def test_the_key_is_the_plans(seed: int) -> None:
    """Also where a clip ends between two keys."""
    for state, _ in write([GLAD, SAD] * 6, seed=seed):
        assert state.tonic == state.piece.tonic(state.phrase)


def test_a_settled_piece_stays_where_it_is() -> None:
    assert len({state.tonic for state, _ in write([GLAD] * 8, settled=True)}) == 1


@pytest.mark.parametrize(
    ("mood", "foreign"),
    [(GLAD, (1, 3, 8)), (SAD, (4, 6))],  # a bright key's flat second, third and sixth; a dark one's major third
)
def test_chords_stay_in_the_planned_key(mood: Affect, foreign: tuple[int, ...]) -> None:
    """In every phrase but those whose last bar prepares the next key."""
    for state, passage in write([mood] * 6, seed=4):
        start, pads = 0, [note for note in passage.notes if note.voice.part == "pad"]
        for number, bars in enumerate(phrase_lengths(len(passage.bars)), state.phrase):
            tonic = state.piece.tonic(number)
            inside = [n for n in pads if BEATS * start <= n.start < BEATS * (start + bars)]
            if (number + 1) % PHRASES_PER_KEY:
                assert not {(note.pitch - tonic) % 12 for note in inside} & set(foreign)
            start += bars


def test_a_modulation_is_prepared_by_the_new_keys_dominant_seventh() -> None:
    heard = 0
    for state, passage in write([GLAD] * 8, seed=2):
        start = 0
        for number, bars in enumerate(phrase_lengths(len(passage.bars)), state.phrase):
            start += bars
            arrival = state.piece.tonic(number + 1)
            if arrival != state.piece.tonic(number):
                last = {n.pitch % 12 for n in passage.notes if n.voice.part == "pad" and n.start == BEATS * (start - 1)}
                assert last == {(arrival + step) % 12 for step in (7, 11, 2, 5)}
                heard += 1
    assert heard >= 1


def test_the_last_clip_rests_on_the_tonic() -> None:
    for seed in range(6):
        state = begin(seed, step(GLAD), GLAD)
        passage = compose_last(state, GLAD, 30.0, seed)
        last = [note for note in passage.notes if note.start >= BEATS * len(passage.bars)]
        assert min(last, key=lambda note: note.pitch).pitch % 12 == state.tonic
        triad = {(state.tonic + step) % 12 for step in (0, 4, 7)}
        assert {note.pitch % 12 for note in last} == triad
        assert max(note.start for note in passage.notes) < BEATS * len(passage.bars) + BEATS


def test_arousal_brings_more_louder_faster_notes_and_drums() -> None:
    calm, even, active = (_heard(0.0, arousal) for arousal in (-0.8, 0.0, 0.8))
    for lower, higher in ((calm, even), (even, active)):
        assert _rate(higher) > 1.3 * _rate(lower)
        assert _mean(higher, lambda note: note.velocity) > _mean(lower, lambda note: note.velocity) + 5
        assert _mean(higher, lambda note: note.brightness) > _mean(lower, lambda note: note.brightness)
    assert sum(_drums(p) for p in calm) == 0
    assert sum(_drums(p) for p in even) < sum(_drums(p) for p in active)
    assert sum(p.bars[-1].bpm for p in calm) < sum(p.bars[-1].bpm for p in active)


def test_valence_raises_the_share_of_major_thirds_and_the_melody() -> None:
    shares = [_major_thirds(_heard(valence, 0.0)) for valence in (-0.9, -0.4, 0.1, 0.6)]
    assert shares == sorted(shares)
    assert shares[0] < 0.3
    assert shares[-1] > 0.75
    heights = [_mean(_heard(v, 0.0), lambda n: n.pitch, LEADS) for v in (-0.9, -0.4, 0.1, 0.6)]
    assert heights == sorted(heights)


def test_a_clip_walks_inside_itself() -> None:
    """Coming from panic to rest, the first half is denser and louder than the second."""
    for seed in range(4):
        state = begin(seed, step(Affect(-0.5, 0.9)), Affect(-0.5, 0.9))
        passage, _ = compose(state, Affect(0.4, -0.7), 32.0, seed, False)
        middle = BEATS * len(passage.bars) / 2
        early = [note.velocity for note in passage.notes if note.start < middle]
        late = [note.velocity for note in passage.notes if note.start >= middle]
        assert len(early) > len(late)
        assert mean(early) > mean(late) + 8


@cache
def _heard(valence: float, arousal: float) -> list[Passage]:
    return [write([Affect(valence, arousal)], seed=seed)[0][1] for seed in range(5)]


def _rate(passages: list[Passage]) -> float:
    return sum(len(p.notes) for p in passages) / sum(p.seconds for p in passages)


def _mean(passages: list[Passage], value: Callable[[PlayedNote], float], parts: tuple[str, ...] = ()) -> float:
    return mean(value(note) for p in passages for note in p.notes if not parts or note.voice.part in parts)


def _drums(passage: Passage) -> int:
    return sum(note.voice.part == "drums" for note in passage.notes)


def _major_thirds(passages: list[Passage]) -> float:
    """Of the bars that have a third above their bass, the share in which it is major."""
    major = minor = 0
    for passage in passages:
        for beat in range(0, BEATS * len(passage.bars), BEATS):
            bass = [n.pitch for n in passage.notes if n.voice.part == "bass" and abs(n.start - beat) < 0.3]
            pad = {n.pitch % 12 for n in passage.notes if n.voice.part == "pad" and n.start == beat}
            major += any((pitch + 4) % 12 in pad for pitch in bass)
            minor += any((pitch + 3) % 12 in pad for pitch in bass)
    return major / (major + minor)


def _melody(passage: Passage) -> list[tuple[int, int]]:
    """The melody as eighths from the clip's start, and pitches."""
    lead = sorted((n for n in passage.notes if n.voice.part in LEADS), key=lambda note: note.start)
    return [(round(note.start * 2), note.pitch) for note in lead]


def _tune(passage: Passage) -> tuple[tuple[int, int], ...]:
    return tuple(_melody(passage))


def _figures(passage: Passage) -> set[tuple[int, ...]]:
    """Three notes of one bar: when they fall in it, and the two intervals between them."""
    figures: set[tuple[int, ...]] = set()
    for (t0, p0), (t1, p1), (t2, p2) in zip(*(_melody(passage)[i:] for i in range(3)), strict=False):
        if t0 // 8 == t2 // 8:
            figures.add((t0 % 8, t1 - t0, t2 - t0, p1 - p0, p2 - p1))
    return figures


def _known(first: set[tuple[int, ...]], later: set[tuple[int, ...]]) -> float:
    return len(first & later) / max(1, len(later))
