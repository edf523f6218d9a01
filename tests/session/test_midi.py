from __future__ import annotations

import io

import mido  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.engines.score import Bar, Note, Score
from musicmed_desktop.session.midi import join_scores, midi_bytes

SLOW = Score(
    (Bar(4.0, 60.0), Bar(3.0, 60.0)),
    (Note("melody", 0.0, 1.0, 60, 80), Note("drums", 4.0, 0.5, 36, 90)),
    (("drums", -1), ("melody", 0)),
)
FAST = Score((Bar(4.0, 120.0),), (Note("melody", 1.0, 2.0, 67, 70),), (("melody", 0),))
FLUTE = Score((Bar(4.0, 120.0),), (Note("melody", 0.0, 1.0, 72, 70),), (("melody", 73),))


def read(score: Score) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(midi_bytes(score)))


def test_bars_follow_each_other() -> None:
    joined = join_scores([SLOW, FAST, FLUTE])
    assert joined.bars == (*SLOW.bars, *FAST.bars, *FLUTE.bars)
    assert [(note.part, note.start) for note in joined.notes] == [
        ("melody", 0.0),
        ("drums", 4.0),
        ("melody", 8.0),
        ("melody 2", 11.0),
    ]
    assert joined.programs == (("melody", 0), ("drums", -1), ("melody 2", 73))


def test_nothing_joins_to_nothing() -> None:
    assert join_scores([]) == Score((), (), ())


def test_other_programs_read_the_same_music() -> None:
    file = read(join_scores([SLOW, FAST, FLUTE]))
    assert file.type == 1
    heard = {}
    for track in file.tracks:
        at = 0
        for message in track:
            at += message.time
            if message.type == "note_on" and message.velocity:
                heard[track.name, at / file.ticks_per_beat] = (message.channel + 1, message.note, message.velocity)
    assert heard.pop(("drums", 4.0)) == (10, 36, 90)
    assert {place: note[1:] for place, note in heard.items()} == {
        ("melody", 0.0): (60, 80),
        ("melody", 8.0): (67, 70),
        ("melody 2", 11.0): (72, 70),
    }
    assert all(channel != 10 for channel, *_ in heard.values())
    programs = {track.name: m.program for track in file.tracks for m in track if m.type == "program_change"}
    assert programs == {"melody": 0, "drums": 0, "melody 2": 73}


def test_tempo_and_metre_change_on_their_bars() -> None:
    changes = [(m.type, getattr(m, "tempo", None) or (m.numerator, m.denominator)) for m in _meta(SLOW, FAST)]
    assert changes == [
        ("set_tempo", 1_000_000),
        ("time_signature", (4, 4)),
        ("time_signature", (3, 4)),
        ("set_tempo", 500_000),
        ("time_signature", (4, 4)),
    ]
    assert read(join_scores([SLOW, FAST])).length == pytest.approx(7.0 + 1.5, abs=0.01)  # its last note ends in beat 3


def _meta(*scores: Score) -> list[mido.MetaMessage]:
    merged = mido.merge_tracks(read(join_scores(scores)).tracks)
    found = [m for m in merged if m.type in ("set_tempo", "time_signature")]
    at, order = 0, []
    for message in merged:
        at += message.time
        if message in found:
            order.append((at, message.type, message))
    return [message for *_, message in sorted(order, key=lambda item: item[:2])]


@given(st.lists(st.tuples(st.sampled_from([3.0, 4.0, 4.5, 2.7183]), st.floats(40.0, 180.0)), min_size=1, max_size=20))
def test_the_file_lasts_as_long_as_its_bars(bars: list[tuple[float, float]]) -> None:
    length = sum(beats for beats, _ in bars)
    score = Score(tuple(Bar(beats, bpm) for beats, bpm in bars), (Note("pad", 0.0, length, 60, 64),), (("pad", 89),))
    assert read(score).length == pytest.approx(sum(bar.seconds for bar in score.bars), abs=0.02)


def test_the_same_score_gives_the_same_bytes() -> None:
    assert midi_bytes(SLOW) == midi_bytes(SLOW)
    assert midi_bytes(SLOW) != midi_bytes(FAST)
