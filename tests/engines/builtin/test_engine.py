"""The contract of engines/base.py, and one piece that goes on from clip to clip."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import EXIT_TOLERANCE_S, CancelledError, ClipContext, Engine, Frames, Handover
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.engines.builtin.styles import STYLES, Style
from tests.engines.builtin.playing import OVERLAP_S, Clip, play, play_one, step

WALK = [Affect(-0.6, 0.8), Affect(-0.3, 0.3), Affect(0.1, -0.2), Affect(0.5, -0.5)]
CALM = Affect(0.5, -0.5)
RATE = 44_100


def db(sound: Frames) -> float:
    return float(10.0 * np.log10(np.square(sound, dtype=np.float64).mean() + 1e-15))


@pytest.fixture(scope="module")
def walk(engine: BuiltinEngine) -> list[Clip]:
    """From anxious to calm in four clips of half a minute."""
    return play(engine, WALK)


@pytest.fixture(scope="module")
def one(engine: BuiltinEngine) -> Clip:
    return play_one(engine, step(CALM), ClipContext(7, 12.0, OVERLAP_S, False, CALM))


class TestContract:
    def test_it_is_an_engine(self, engine: BuiltinEngine) -> None:
        kept: Engine = engine
        assert (kept.name, kept.sample_rate, kept.channels) == ("builtin", RATE, 2)

    def test_chunks_are_finite_stereo_float32_within_bounds(self, walk: list[Clip]) -> None:
        for chunk in (chunk for clip in walk for chunk in clip.chunks):
            assert chunk.dtype == np.float32
            assert chunk.ndim == 2
            assert chunk.shape[1] == 2
            assert len(chunk) > 0
            assert np.isfinite(chunk).all()
            assert np.abs(chunk).max() <= 1.0

    def test_playing_can_start_before_a_clip_is_finished(self, walk: list[Clip]) -> None:
        for clip in walk:
            assert len(clip.chunks) >= 3
            assert len(clip.chunks[0]) <= 5 * RATE
            assert max(map(len, clip.chunks)) <= 10 * RATE

    def test_exits_lie_near_the_wanted_length(self, walk: list[Clip]) -> None:
        for clip in walk[:-1]:
            assert abs(clip.handover.exit_s - clip.context.seconds) <= EXIT_TOLERANCE_S

    def test_sound_goes_on_behind_the_exit(self, walk: list[Clip]) -> None:
        for clip in walk[:-1]:
            behind = clip.samples[round(clip.handover.exit_s * RATE) :]
            assert -1 / RATE <= len(behind) / RATE - OVERLAP_S <= 1.0
            assert db(behind[-RATE // 2 :]) > db(clip.samples) - 12.0

    @pytest.mark.parametrize("seconds", [24.0, 31.4159])
    def test_the_last_clip_is_exactly_as_long_as_asked(self, engine: BuiltinEngine, seconds: float) -> None:
        clip = play_one(engine, step(CALM), ClipContext(3, seconds, OVERLAP_S, True, CALM))
        assert len(clip.samples) == round(seconds * RATE)
        assert clip.handover.exit_s == pytest.approx(seconds, abs=1e-3)

    def test_the_last_clip_dies_away(self, walk: list[Clip]) -> None:
        samples = walk[-1].samples
        assert len(samples) == 30 * RATE
        ending = [db(samples[len(samples) - k * RATE : len(samples) - (k - 1) * RATE]) for k in (4, 3, 2, 1)]
        assert ending[-1] < db(samples) - 9.0
        assert ending[-1] < ending[0] - 4.0

    def test_music_never_stops_inside_a_session(self, walk: list[Clip]) -> None:
        for clip in walk:
            samples = clip.samples
            inside = samples[RATE : len(samples) - (5 * RATE if clip.context.final else 0)]
            quietest = min(db(inside[i : i + RATE]) for i in range(0, len(inside) - RATE, RATE // 2))
            assert quietest > -55.0
            assert quietest > db(samples) - 25.0


class TestSeeds:
    def test_the_same_seed_gives_the_same_bytes_from_two_threads_at_once(
        self, engine: BuiltinEngine, one: Clip
    ) -> None:
        again: dict[int, bytes] = {}

        def listen(number: int, by: BuiltinEngine) -> None:
            again[number] = play_one(by, step(CALM), one.context).samples.tobytes()

        fresh = BuiltinEngine(bundled_soundfont())
        threads = [threading.Thread(target=listen, args=(i, by)) for i, by in enumerate((engine, engine, fresh))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(again.values()) == {one.samples.tobytes()}
        assert len(again) == 3

    def test_another_seed_gives_other_notes(self, engine: BuiltinEngine, one: Clip) -> None:
        other = play_one(engine, step(CALM), replace(one.context, seed=8))
        mine, its = ({(round(n.start * 2), n.pitch) for n in clip.score.notes} for clip in (one, other))
        assert len(mine & its) < 0.5 * len(mine)
        assert other.samples.tobytes() != one.samples.tobytes()

    def test_takes_of_one_step_go_on_from_the_same_place(self, engine: BuiltinEngine, one: Clip) -> None:
        """Each take from the same handover, which none of them changes."""
        context = ClipContext(20, 10.0, OVERLAP_S, False, CALM, one.handover)
        first, other = (play_one(engine, step(CALM), replace(context, seed=seed)) for seed in (20, 21))
        assert play_one(engine, step(CALM), context).samples.tobytes() == first.samples.tobytes()
        assert first.score.notes != other.score.notes
        for take in (first, other):
            _assert_continues(one, take)


class TestJoins:
    def test_a_clip_begins_with_the_tail_of_the_one_before(self, walk: list[Clip]) -> None:
        for before, after in pairwise(walk):
            _assert_continues(before, after)

    @pytest.mark.parametrize("style", STYLES[1:], ids=lambda style: style.name)
    def test_in_every_style(self, engine: BuiltinEngine, style: Style) -> None:
        moods = [Affect(0.2, 0.4), Affect(0.4, 0.2)]
        before, after = play(engine, moods, style.genres[0], (), seed=5, seconds=9.0, ends=False)
        _assert_continues(before, after)

    def test_a_join_with_other_instruments_still_continues(self, engine: BuiltinEngine, one: Clip) -> None:
        context = ClipContext(9, 10.0, OVERLAP_S, False, CALM, one.handover)
        _assert_continues(one, play_one(engine, step(CALM, instruments=("violin", "harp")), context))

    def test_another_engines_handover_begins_anew(self, engine: BuiltinEngine, one: Clip) -> None:
        foreign = replace(one.context, previous=Handover(10.0, memory=("tokens", 1, 2, 3)))
        assert play_one(engine, step(CALM), foreign).samples.tobytes() == one.samples.tobytes()


class TestCancelling:
    @pytest.mark.parametrize("heard", [0, 1, 2])
    def test_it_takes_effect_within_one_chunk(self, engine: BuiltinEngine, heard: int) -> None:
        stopped = False
        stream = engine.stream(step(CALM), ClipContext(1, 30.0, OVERLAP_S, False, CALM), lambda: stopped)
        for _ in range(heard):
            next(stream)
        stopped = True
        with pytest.raises(CancelledError):
            next(stream)

    def test_the_engine_plays_on_afterwards(self, engine: BuiltinEngine, one: Clip) -> None:
        stream = engine.stream(step(CALM), one.context, lambda: True)
        with pytest.raises(CancelledError):
            next(stream)
        assert play_one(engine, step(CALM), one.context).samples.tobytes() == one.samples.tobytes()


class TestScores:
    def test_a_scores_bars_fill_the_clip_behind_its_lead_in(self, walk: list[Clip]) -> None:
        for number, clip in enumerate(walk):
            bars = sum(bar.seconds for bar in clip.score.bars)
            lead_in = OVERLAP_S if number else 0.0
            assert bars + lead_in == pytest.approx(len(clip.samples) / RATE, abs=2 / RATE)

    def test_notes_begin_inside_their_bars(self, walk: list[Clip]) -> None:
        for clip in walk:
            beats = sum(bar.beats for bar in clip.score.bars)
            assert all(0.0 <= note.start < beats for note in clip.score.notes)
            assert {note.part for note in clip.score.notes} == set(dict(clip.score.programs))

    def test_tempo_goes_on_across_clips(self, walk: list[Clip]) -> None:
        for before, after in pairwise(walk):
            last, first = before.score.bars[-1].bpm, after.score.bars[0].bpm
            room = 0.20 if after.context.final else 0.05  # the last clip is stretched to its length
            assert first / last == pytest.approx(1.0, abs=room)

    def test_the_listeners_instruments_are_in_it(self, walk: list[Clip]) -> None:
        for clip in walk:
            assert {0, 48} <= set(dict(clip.score.programs).values())  # General MIDI's piano and strings

    def test_onsets_in_the_score_are_heard(self, engine: BuiltinEngine) -> None:
        """Where a drum is written, its sound is."""
        lively = Affect(0.6, 0.9)
        clip = play_one(engine, step(lively, "techno", ()), ClipContext(5, 10.0, OVERLAP_S, False, lively))
        beat = 60.0 / clip.score.bars[0].bpm  # its tempo is steady
        kicks = [note.start * beat for note in clip.score.notes if note.part == "drums" and note.pitch == 36]
        assert len(kicks) >= 8
        low = _low(clip.samples)
        struck = [low[round((k + 0.01) * RATE) : round((k + 0.06) * RATE)] for k in kicks if k < 9.5]
        assert np.mean([np.square(s).mean() for s in struck]) > 1.5 * np.square(low).mean()


class TestAffect:
    @pytest.mark.parametrize("genre", ["soundtrack", "hiphop", "folk"])
    def test_the_loudest_music_stays_in_bounds(self, engine: BuiltinEngine, genre: str) -> None:
        mood = Affect(1.0, 1.0)
        clip = play_one(engine, step(mood, genre, ()), ClipContext(4, 9.0, OVERLAP_S, False, mood))
        assert np.abs(clip.samples).max() <= 1.0

    def test_arousal_is_louder_denser_and_brighter(self, engine: BuiltinEngine) -> None:
        clips = [
            play_one(engine, step(mood), ClipContext(3, 12.0, OVERLAP_S, False, mood))
            for mood in (Affect(0.0, -0.8), Affect(0.0, 0.8))
        ]
        calm, active = clips
        assert db(active.samples) > db(calm.samples) + 4.0
        assert len(active.score.notes) > 2 * len(calm.score.notes)
        assert _centre_hz(active.samples) > 1.3 * _centre_hz(calm.samples)


def _assert_continues(before: Clip, after: Clip) -> None:
    """The head of one clip repeats the tail of the other, so that no crossfade between them can be heard."""
    tail = before.samples[round(before.handover.exit_s * RATE) :]
    head = after.samples[: len(tail)]
    assert np.corrcoef(tail.ravel(), head.ravel())[0, 1] > 0.98
    assert db(tail - head) < db(tail) - 26.0  # 5 %


def _centre_hz(samples: Frames) -> float:
    power = np.square(np.abs(np.fft.rfft(samples.mean(axis=1))))
    return float((power * np.arange(len(power))).sum() / power.sum() * RATE / len(samples))


def _low(samples: Frames) -> np.typing.NDArray[np.floating]:
    """What lies below 120 Hz."""
    spectrum = np.fft.rfft(samples.mean(axis=1))
    spectrum[round(120 * len(samples) / RATE) :] = 0.0
    return np.fft.irfft(spectrum, len(samples))
