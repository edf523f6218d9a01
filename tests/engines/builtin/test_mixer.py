from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.mixer import Frames, Mix, Shade, TimedNote
from musicmed_desktop.engines.builtin.orchestra import Voice
from musicmed_desktop.engines.builtin.performance import perform
from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Sampler
from musicmed_desktop.engines.builtin.styles import STYLES
from tests.engines.builtin.playing import write

SECONDS = 8.0
STYLE = STYLES[0]
OBOE = Voice("lead", INSTRUMENTS["oboe"], 0.0, 0.0, 0.0)  # nothing of it in the room
NOTE = TimedNote(OBOE, 0.5, 1.0, 72, 90, 0.02, 0.7)


def steady(_: float) -> float:
    return 0.7


def opening(second: float) -> float:
    return min(1.0, second / SECONDS)


def mixed(
    sampler: Sampler,
    notes: Sequence[TimedNote],
    shade: Shade = steady,
    cuts: Sequence[float] = (SECONDS,),
    seconds: float = SECONDS,
) -> Frames:
    mix = Mix(sampler, STYLE, notes, shade, seconds)
    return np.concatenate([mix.render(cut) for cut in cuts])


def rms(sound: Frames) -> float:
    return float(np.sqrt(np.square(sound, dtype=np.float64).mean()))


def between(sound: Frames, start_s: float, end_s: float) -> Frames:
    return sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]


@pytest.fixture(scope="module")
def music() -> list[TimedNote]:
    return perform(write([Affect(0.4, 0.5)], "jazz")[0][1])


class TestChunks:
    @pytest.mark.parametrize("cuts", [(4.0, 8.0), (0.7, 1.31, 5.123, 8.0), tuple(np.arange(0.1, 8.01, 0.1))])
    def test_cutting_changes_nothing(self, sampler: Sampler, music: list[TimedNote], cuts: tuple[float, ...]) -> None:
        whole, pieces = mixed(sampler, music), mixed(sampler, music, cuts=cuts)
        assert whole.shape == pieces.shape
        assert np.abs(whole - pieces).max() < 1e-4

    def test_cutting_on_half_seconds_changes_nothing_while_the_tone_opens(
        self, sampler: Sampler, music: list[TimedNote]
    ) -> None:
        pieces = mixed(sampler, music, opening, cuts=np.arange(0.5, 8.1, 0.5).tolist())
        assert np.abs(mixed(sampler, music, opening) - pieces).max() < 1e-4

    def test_elsewhere_the_difference_is_inaudible(self, sampler: Sampler, music: list[TimedNote]) -> None:
        whole, pieces = mixed(sampler, music, opening), mixed(sampler, music, opening, cuts=(0.7, 1.31, 5.123, 8.0))
        assert rms(whole - pieces) < 0.03 * rms(whole)

    def test_chunks_are_as_long_as_asked(self, sampler: Sampler) -> None:
        mix = Mix(sampler, STYLE, [NOTE], steady, 2.0)
        lengths = [mix.render(until).shape for until in (0.25, 0.25, 1.0, 5.0)]
        assert lengths == [(11_025, 2), (0, 2), (33_075, 2), (44_100, 2)]


class TestNotes:
    def test_silence_without_notes(self, sampler: Sampler) -> None:
        silent = mixed(sampler, [], seconds=2.0)
        assert silent.dtype == np.float32
        assert not silent.any()

    def test_a_note_sounds_when_it_should(self, sampler: Sampler) -> None:
        sound = mixed(sampler, [NOTE])
        assert not between(sound, 0.0, 0.49).any()
        assert rms(between(sound, 0.6, 1.4)) > 0.005
        assert rms(between(sound, 2.2, 8.0)) < 1e-4  # its end and release are over

    def test_the_order_of_notes_does_not_matter(self, sampler: Sampler, music: list[TimedNote]) -> None:
        assert np.allclose(mixed(sampler, music), mixed(sampler, music[::-1]), atol=1e-4)

    def test_a_note_that_began_before_is_heard_from_its_middle(self, sampler: Sampler) -> None:
        sound = mixed(sampler, [replace(NOTE, start_s=2.0, length_s=3.0)])
        late = mixed(sampler, [replace(NOTE, start_s=-1.0, length_s=3.0)])
        assert np.allclose(between(late, 0.5, 2.0), between(sound, 3.5, 5.0), atol=1e-3)

    def test_a_note_over_the_end_is_cut(self, sampler: Sampler) -> None:
        assert mixed(sampler, [replace(NOTE, start_s=1.8, length_s=5.0)], seconds=2.0).shape == (88_200, 2)

    def test_notes_add_up(self, sampler: Sampler) -> None:
        other = replace(NOTE, pitch=76, start_s=1.0)
        apart = mixed(sampler, [NOTE]) + mixed(sampler, [other])
        assert np.abs(mixed(sampler, [NOTE, other]) - apart).max() < 1e-4

    def test_velocity_is_level(self, sampler: Sampler) -> None:
        """40 dB a decade: half the velocity sounds 12 dB softer."""
        loud, soft = (mixed(sampler, [replace(NOTE, velocity=v, brightness=1.0)]) for v in (100, 90))
        assert rms(soft) / rms(loud) == pytest.approx(0.81, abs=0.03)

    def test_a_slow_attack_swells(self, sampler: Sampler) -> None:
        quick, slow = (mixed(sampler, [replace(NOTE, length_s=3.0, attack_s=attack)]) for attack in (0.0, 1.0))
        assert rms(between(slow, 0.5, 0.7)) < 0.3 * rms(between(quick, 0.5, 0.7))
        assert rms(between(slow, 2.0, 3.0)) == pytest.approx(rms(between(quick, 2.0, 3.0)), rel=0.01)

    def test_a_note_ends_without_a_click(self, sampler: Sampler) -> None:
        sound = mixed(sampler, [NOTE])
        inside = np.abs(np.diff(between(sound, 0.7, 1.4), axis=0)).max()
        assert np.abs(np.diff(between(sound, 1.4, 2.5), axis=0)).max() <= 1.1 * inside


class TestPlaces:
    @pytest.mark.parametrize(("pan", "left_right"), [(-1.0, (2**0.5, 0.0)), (0.0, (1.0, 1.0)), (1.0, (0.0, 2**0.5))])
    def test_pan(self, sampler: Sampler, pan: float, left_right: tuple[float, float]) -> None:
        """Against the same note in the middle: constant power."""
        middle = mixed(sampler, [NOTE])
        placed = mixed(sampler, [replace(NOTE, voice=replace(OBOE, pan=pan))])
        for channel, gain in enumerate(left_right):
            expected = gain * rms(middle[:, channel])
            assert rms(placed[:, channel]) == pytest.approx(expected, rel=0.01, abs=1e-5)

    def test_the_room_answers_after_the_note(self, sampler: Sampler) -> None:
        wet = mixed(sampler, [replace(NOTE, voice=replace(OBOE, send=0.8))])
        dry = mixed(sampler, [NOTE])
        assert rms(between(wet, 2.0, 2.5)) > 20 * rms(between(dry, 2.0, 2.5))
        tail = [rms(between(wet, start, start + 0.5)) for start in (2.0, 3.0, 4.0)]
        assert tail == sorted(tail, reverse=True)

    def test_gain_is_in_decibels(self, sampler: Sampler) -> None:
        softer = mixed(sampler, [replace(NOTE, voice=replace(OBOE, gain_db=-6.02))])
        assert rms(softer) == pytest.approx(0.5 * rms(mixed(sampler, [NOTE])), rel=0.01)

    def test_brightness_opens_the_tone(self, sampler: Sampler, music: list[TimedNote]) -> None:
        def treble(brightness: float) -> float:
            power = np.square(np.abs(np.fft.rfft(mixed(sampler, music, lambda _: brightness).mean(axis=1))))
            split = round(4_000 * SECONDS)
            return float(power[split:].sum() / power.sum())

        shares = [treble(brightness) for brightness in (0.0, 0.5, 1.0)]
        assert shares == sorted(shares)
        assert shares[2] > 4 * shares[0]
