"""Broken, cut and foreign files: told in words or played as they are, never a surprise."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, TIERS, Sampler
from musicmed_desktop.engines.builtin.soundfont import SoundFont
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.errors import UserError
from tests.engines.builtin import fonts
from tests.engines.builtin.fonts import Preset, Sample, keys, write_font

A4 = Sample(0.5 * np.sin(2 * np.pi * np.arange(20_000) / 50), key=69, rate=22_050, loop=(5_000, 10_000))
PIANO = INSTRUMENTS["piano"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "broken.sf2"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"RIFF", id="four bytes"),
        pytest.param(b"hello, I am no SoundFont at all", id="text"),
        pytest.param(b"RIFF\x04\0\0\0sfbk", id="no chunks"),
        pytest.param(b"RIFF\x10\0\0\0WAVEfmt \0\0\0\0", id="wave"),
        pytest.param(bytes(100_000), id="zeros"),
    ],
)
def test_foreign_files_are_told_in_words(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UserError, match="cannot be read") as caught:
        SoundFont(path)
    assert caught.value.hint
    assert str(path) in caught.value.title


def test_neither_a_folder_nor_nothing_is_a_soundfont(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.sf2"):
        with pytest.raises(UserError):
            SoundFont(path)


def test_truncated_files_are_told_in_words(path: Path) -> None:
    write_font(path, [A4], [Preset([{fonts.SAMPLE: 0}])])
    whole = path.read_bytes()
    for share in (0.001, 0.1, 0.5, 0.9, 0.99, 0.999):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(UserError):
            SoundFont(path)


def test_the_bundled_font_cut_anywhere_is_told_in_words(path: Path) -> None:
    whole = bundled_soundfont().read_bytes()
    for share in (0.3, 0.97, 0.98, 0.99, 0.99999):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(UserError):
            SoundFont(path)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_never_surprise(path: Path, seed: int) -> None:
    """Of the bundled font's tables; wherever the file can still be opened, its notes are sound."""
    rng = random.Random(seed)
    data = bytearray(bundled_soundfont().read_bytes())
    tables = data.index(b"pdta")
    for _ in range((1, 10, 100, 2_000)[seed % 4]):
        data[rng.randrange(tables, len(data))] = rng.randrange(256)
    path.write_bytes(data)
    _play_some(path, rng)


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_of_a_tiny_font_never_surprise(path: Path, seed: int) -> None:
    """Here nearly every byte matters: all presets, bags, generators and headers of one looped sample."""
    rng = random.Random(seed)
    zones = [{fonts.SAMPLE: 0, fonts.LOOPS: 1, fonts.ROOT: 69, fonts.KEYS: keys(0, 127), fonts.FINE_TUNE: 3}]
    write_font(path, [A4], [Preset(zones), Preset(zones, bank=fonts.DRUMS)], ogg=seed % 2 == 1)
    data = bytearray(path.read_bytes())
    for _ in range(1 + seed % 3):
        data[rng.randrange(data.index(b"phdr") + 8, len(data))] = rng.randrange(256)
    path.write_bytes(data)
    _play_some(path, rng, instruments=("piano", "drums"))


@pytest.mark.parametrize("generator", [fonts.FINE_TUNE, fonts.COARSE_TUNE, fonts.SCALE, fonts.ATTENUATION])
@pytest.mark.parametrize("amount", [-32_768, 32_767])
def test_generators_beyond_all_sense_are_bounded(path: Path, generator: int, amount: int) -> None:
    zone = {fonts.SAMPLE: 0, fonts.LOOPS: 1, generator: amount}
    write_font(path, [A4], [Preset([zone], own={generator: amount})])
    assert np.isfinite(Sampler(path).note(PIANO, 100, 12.0, 2)).all()


@pytest.mark.parametrize("rate", [0, 1, 2**32 - 1])
def test_rates_beyond_all_sense_are_bounded(path: Path, rate: int) -> None:
    write_font(path, [Sample(A4.frames, 69, rate, A4.loop)], [Preset([{fonts.SAMPLE: 0, fonts.LOOPS: 1}])])
    assert np.isfinite(Sampler(path).note(PIANO, 60, 12.0, 2)).all()


def test_tables_that_lead_nowhere_are_told_in_words(path: Path) -> None:
    write_font(path, [A4], [Preset([{fonts.SAMPLE: 7}])])
    with pytest.raises(UserError):
        SoundFont(path)
    write_font(path, [A4], [Preset([{fonts.SAMPLE: 0}], own={})])
    data = path.read_bytes()
    bag = data.index(b"phdr") + 8 + 24  # the first preset's first bag
    path.write_bytes(data[:bag] + struct.pack("<H", 9) + data[bag + 2 :])
    with pytest.raises(UserError):
        SoundFont(path)


def test_a_broken_ogg_sample_is_told_in_words(path: Path) -> None:
    write_font(path, [A4], [Preset([{fonts.SAMPLE: 0}])], ogg=True)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"OggS", b"NggS"))
    with pytest.raises(UserError, match="cannot be read"):
        SoundFont(path).zones(0, 60, 80)


def _play_some(path: Path, rng: random.Random, instruments: tuple[str, ...] = tuple(INSTRUMENTS)) -> None:
    try:
        sampler = Sampler(path)
        notes = [(INSTRUMENTS[rng.choice(instruments)], rng.randint(20, 110), rng.randrange(TIERS)) for _ in range(8)]
        for instrument, pitch, tier in notes:
            sound = sampler.note(instrument, pitch, 1.0, tier)
            assert np.isfinite(sound).all()
            assert sound.shape[1] == round(1.5 * SAMPLE_RATE)
    except UserError:
        return  # told in words, as it should be
