from __future__ import annotations

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.composer import compose_last
from musicmed_desktop.engines.builtin.performance import perform, score_of
from musicmed_desktop.engines.builtin.piece import begin
from tests.engines.builtin.playing import step, write

SLOWING = [Affect(-0.5, 0.9), Affect(0.4, -0.6)]


def test_beats_become_seconds_at_each_bars_tempo() -> None:
    _, passage = write(SLOWING)[1]
    timed = perform(passage)
    assert len(timed) == len(passage.notes)
    for note, sound in zip(passage.notes, timed, strict=True):
        bar, beat = divmod(note.start, 4.0)
        before = sum(b.seconds for b in passage.bars[: int(bar)])
        assert sound.start_s == pytest.approx(before + beat * 60.0 / passage.bars[int(bar)].bpm)
        assert sound.length_s > 0.0
        assert (sound.pitch, sound.velocity, sound.voice) == (note.pitch, note.velocity, note.voice)


def test_a_note_over_a_bar_line_ends_in_the_next_bars_tempo() -> None:
    _, passage = write(SLOWING)[1]
    quarters = {bar.bpm for bar in passage.bars}
    assert len(quarters) > 2  # it slows down
    for note, sound in zip(passage.notes, perform(passage), strict=True):
        slow, fast = (60.0 / bpm for bpm in (min(quarters), max(quarters)))
        assert fast * note.length - 1e-9 <= sound.length_s <= slow * note.length + 1e-9


def test_the_score_has_the_passages_bars_notes_and_programs() -> None:
    _, passage = write(SLOWING, "jazz")[0]
    score = score_of(passage)
    assert [bar.bpm for bar in score.bars] == [bar.bpm for bar in passage.bars]
    assert sum(bar.seconds for bar in score.bars) == pytest.approx(passage.seconds)
    assert len(score.notes) == len(passage.notes)
    assert [note.start for note in score.notes] == sorted(note.start for note in score.notes)
    programs = dict(score.programs)
    assert {note.part for note in score.notes} == set(programs)
    assert programs["drums"] == -1
    assert all(-1 <= program <= 127 for program in programs.values())


def test_the_ending_is_a_bar_of_its_own() -> None:
    calm = Affect(0.5, -0.5)
    passage = compose_last(begin(1, step(calm), calm), calm, 30.0, 1)
    score = score_of(passage)
    assert len(score.bars) == len(passage.bars) + 1
    assert score.bars[-1].seconds == pytest.approx(passage.ending_s)
    assert sum(bar.seconds for bar in score.bars) == pytest.approx(30.0)
