"""The reader of SoundFonts: in tune and faithful to the specification."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Sampler, played_zone
from musicmed_desktop.engines.builtin.soundfont import SoundFont, Zone
from tests.engines.builtin import fonts
from tests.engines.builtin.fonts import Preset, Sample, keys, write_font

RATE = 22_050
PIANO = INSTRUMENTS["piano"]


def sine(periods: int = 400, per_period: int = 50, level: float = 0.5) -> NDArray[np.floating]:
    return level * np.sin(2 * np.pi * np.arange(periods * per_period) / per_period)


A4 = Sample(sine(), key=69, rate=RATE, loop=(5_000, 10_000))  # 441 Hz


def zone_of(path: Path, generators: fonts.Generators, pitch: int = 69, own: fonts.Generators | None = None) -> Zone:
    write_font(path, [A4], [Preset([{fonts.SAMPLE: 0, **generators}], own=own or {})])
    (zone,) = SoundFont(path).zones(0, pitch, 80)
    return zone


def pitch_of(sound: NDArray[np.floating]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(sound))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tiny.sf2"


class TestZones:
    def test_frames_rate_and_loop_are_the_samples(self, path: Path) -> None:
        zone = zone_of(path, {fonts.LOOPS: 1})
        assert np.abs(zone.frames - A4.frames).max() < 1e-4
        assert (zone.rate, zone.loop, zone.cents, zone.pan, zone.gain_db) == (RATE, (5_000, 10_000), 0.0, 0.0, 0.0)

    def test_without_the_flag_there_is_no_loop(self, path: Path) -> None:
        assert zone_of(path, {}).loop is None

    @pytest.mark.parametrize("loop", [(0, 0), (10_000, 5_000), (5_000, 5_004), (5_000, 1_000_000)])
    def test_a_loop_that_makes_no_sense_is_none(self, path: Path, loop: tuple[int, int]) -> None:
        sample = Sample(A4.frames, 69, RATE, loop)
        write_font(path, [sample], [Preset([{fonts.SAMPLE: 0, fonts.LOOPS: 1}])])
        (zone,) = SoundFont(path).zones(0, 69, 80)
        assert zone.loop is None

    @pytest.mark.parametrize(
        ("generators", "pitch", "cents"),
        [
            ({}, 72, 300),
            ({fonts.ROOT: 57}, 69, 1200),
            ({fonts.COARSE_TUNE: -2, fonts.FINE_TUNE: 30}, 69, -170),
            ({fonts.SCALE: 50}, 71, 100),
            ({fonts.SCALE: 0}, 81, 0),
        ],
    )
    def test_pitch_follows_the_generators(
        self, path: Path, generators: fonts.Generators, pitch: int, cents: int
    ) -> None:
        assert zone_of(path, generators, pitch).cents == cents

    def test_the_header_may_correct_the_pitch(self, path: Path) -> None:
        write_font(path, [Sample(A4.frames, 69, RATE, A4.loop, correction=-7)], [Preset([{fonts.SAMPLE: 0}])])
        assert SoundFont(path).zones(0, 69, 80)[0].cents == -7

    def test_a_presets_tuning_pan_and_attenuation_add_to_its_instruments(self, path: Path) -> None:
        own = {fonts.FINE_TUNE: 10, fonts.PAN: -100, fonts.ATTENUATION: 50}
        zone = zone_of(path, {fonts.FINE_TUNE: 5, fonts.PAN: 350, fonts.ATTENUATION: 100}, own=own)
        assert zone.cents == 15
        assert zone.pan == pytest.approx(0.5)
        assert -15.0 <= zone.gain_db < -4.0  # 15 dB by the letter; synthesizers have always taken 40 % of it

    def test_offsets_move_the_samples_ends(self, path: Path) -> None:
        assert len(zone_of(path, {fonts.END_OFFSET: -500}).frames) == len(A4.frames) - 500
        assert zone_of(path, {fonts.LOOPS: 1, fonts.LOOP_START_OFFSET: 50}).loop == (5_050, 10_000)

    def test_keys_and_velocities_choose_the_zone(self, path: Path) -> None:
        low, high = {fonts.KEYS: keys(0, 59)}, {fonts.KEYS: keys(60, 127)}
        soft, loud = {fonts.VELOCITIES: keys(0, 63)}, {fonts.VELOCITIES: keys(64, 127)}
        samples = [Sample(sine(level=level), 60, RATE) for level in (0.1, 0.2, 0.3, 0.4)]
        zones = [{**key, **touch, fonts.SAMPLE: 2 * i + j} for i, key in enumerate((low, high))
                 for j, touch in enumerate((soft, loud))]  # fmt: skip
        write_font(path, samples, [Preset(zones)])
        font = SoundFont(path)
        for number, (pitch, velocity) in enumerate([(59, 63), (59, 64), (60, 63), (60, 64)]):
            (zone,) = font.zones(0, pitch, velocity)
            assert np.abs(zone.frames).max() == pytest.approx(0.1 * (number + 1), rel=0.01)

    def test_a_global_zone_holds_for_those_that_say_nothing_else(self, path: Path) -> None:
        zones = [{fonts.PAN: 250, fonts.LOOPS: 1}, {fonts.SAMPLE: 0}, {fonts.SAMPLE: 0, fonts.PAN: -250}]
        write_font(path, [A4], [Preset(zones)])
        first, second = SoundFont(path).zones(0, 69, 80)
        assert (first.pan, second.pan) == (0.5, -0.5)
        assert first.loop == second.loop == (5_000, 10_000)

    def test_drums_lie_in_their_own_bank(self, path: Path) -> None:
        write_font(path, [A4], [Preset([{fonts.SAMPLE: 0}], bank=fonts.DRUMS)])
        font = SoundFont(path)
        assert len(font.zones(-1, 38, 80)) == 1
        assert font.zones(0, 38, 80) == []

    def test_a_short_loop_that_misses_its_note_is_mended(self, path: Path) -> None:
        """24.5 frames would be 450 Hz; a loop of 24 whole ones is 36 cents sharp, and the header does not know."""
        sharp = Sample(sine(100, 24), key=69, rate=10_780, loop=(480, 504))  # 449.2 Hz instead of 440
        write_font(path, [sharp], [Preset([{fonts.SAMPLE: 0, fonts.LOOPS: 1}])])
        for pitch in (57, 69, 74):
            (zone,) = SoundFont(path).zones(0, pitch, 80)
            wanted = 440.0 * 2 ** ((pitch - 69) / 12)
            assert pitch_of(played_zone(zone, 4 * SAMPLE_RATE)) == pytest.approx(wanted, rel=0.002)

    def test_a_long_loop_or_a_small_detuning_is_left_alone(self, path: Path) -> None:
        chorus = Sample(sine(100, 50), key=69, rate=RATE, loop=(500, 550))  # one period
        write_font(path, [chorus], [Preset([{fonts.SAMPLE: 0, fonts.LOOPS: 1, fonts.FINE_TUNE: 8}])])
        assert SoundFont(path).zones(0, 69, 80)[0].cents == 8
        assert zone_of(path, {fonts.LOOPS: 1, fonts.FINE_TUNE: 40}).cents == 40


class TestPlaying:
    @pytest.mark.parametrize("pitch", [45, 69, 76, 93])
    def test_a_zone_sounds_at_its_notes_pitch(self, path: Path, pitch: int) -> None:
        zone = zone_of(path, {fonts.LOOPS: 1}, pitch)
        wanted = 441.0 * 2 ** ((pitch - 69) / 12)
        assert pitch_of(played_zone(zone, 2 * SAMPLE_RATE)) == pytest.approx(wanted, abs=0.5)

    def test_a_loop_goes_on_without_a_seam(self, path: Path) -> None:
        sound = played_zone(zone_of(path, {fonts.LOOPS: 1}), 3 * SAMPLE_RATE)
        assert len(sound) == 3 * SAMPLE_RATE
        pure = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        near = pure.argmax() + np.arange(-5, 6)
        assert pure[near].sum() > 0.99 * pure.sum()

    def test_without_a_loop_it_ends_where_it_ends(self, path: Path) -> None:
        sound = played_zone(zone_of(path, {}), 10 * SAMPLE_RATE)
        assert len(sound) == pytest.approx(len(A4.frames) * SAMPLE_RATE / RATE, abs=8)
        assert len(played_zone(zone_of(path, {}, pitch=81), 10 * SAMPLE_RATE)) == pytest.approx(len(sound) / 2, abs=8)


def test_ogg_samples_sound_like_the_plain_ones(tmp_path: Path, font: SoundFont) -> None:
    """A piano and a looped oboe out of the bundled font, once as .sf2 and once as .sf3."""
    taken = [font.zones(program, pitch, 80)[0] for program, pitch in ((0, 60), (68, 72))]
    samples = [Sample(0.9 * z.frames, key, z.rate, z.loop or (0, 0)) for z, key in zip(taken, (60, 72), strict=True)]
    presets = [Preset([{fonts.SAMPLE: 0}]), Preset([{fonts.SAMPLE: 1, fonts.LOOPS: 1}], program=68)]
    plain = Sampler(write_font(tmp_path / "twin.sf2", samples, presets))
    ogg = Sampler(write_font(tmp_path / "twin.sf3", samples, presets, ogg=True))
    for instrument, pitch in ((PIANO, 60), (PIANO, 65), (INSTRUMENTS["oboe"], 72), (INSTRUMENTS["oboe"], 79)):
        one, other = plain.note(instrument, pitch, 3.0, 2), ogg.note(instrument, pitch, 3.0, 2)
        assert one.shape == other.shape
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.97
        assert np.square(other).mean() == pytest.approx(np.square(one).mean(), rel=0.1)
