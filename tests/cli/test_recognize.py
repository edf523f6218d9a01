from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from musicmed_desktop.recognition import create_recognizer

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

RATE = 22_050


def chord(seconds: float, pitches: tuple[float, ...], beats: float) -> np.ndarray:
    """A repeated chord, (n, 2); `pitches` in Hz, `beats` per second."""
    time = np.arange(round(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * pitch * k * time) / k for pitch in pitches for k in (1, 2, 3, 4))
    sound = 0.05 * tones * np.exp(-3.0 * ((time * beats) % 1.0))
    return np.stack([sound, sound], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 s: slow and soft up to 30 s, then fast and bright."""
    slow = 0.2 * chord(30.0, (220.0, 261.6, 329.6), 0.5)
    fast = 2.0 * chord(10.0, (523.3, 659.3, 784.0), 6.0)
    file = tmp_path_factory.mktemp("music") / "walk.wav"
    soundfile.write(file, np.concatenate([slow, fast]), RATE, subtype="FLOAT")
    return file


def test_every_30_seconds_and_the_whole_are_told(musicmed: Musicmed, music: Path) -> None:
    heard = json.loads(musicmed("recognize", str(music), "--json").out)
    assert heard["recognizer"].keys() == {"name", "version"}
    (file,) = heard["files"]
    assert file["path"] == str(music)
    assert file["duration_s"] == pytest.approx(40.0)
    assert [(w["start_s"], w["duration_s"]) for w in file["windows"]] == [(0, 30), (30, 10)]
    slow, fast = file["windows"]
    samples, rate = soundfile.read(music, dtype="float32", start=30 * RATE)
    alone = create_recognizer().measure(samples, rate)
    assert (fast["valence"], fast["arousal"]) == (alone.affect.valence, alone.affect.arousal)
    assert fast["heard"] == alone.attributes
    for axis in ("valence", "arousal"):
        assert file[axis] == pytest.approx(0.75 * slow[axis] + 0.25 * fast[axis])


def test_people_get_a_table_for_each_file(musicmed: Musicmed, music: Path) -> None:
    lines = musicmed("recognize", str(music), str(music)).out.splitlines()
    assert lines[0] == str(music)
    assert lines[1].split() == ["from", "to", "valence", "arousal", "mood"]
    assert lines[2].split()[:2] == ["0:00", "0:30"]
    assert lines[4].split()[:2] == ["whole", "0:40"]
    assert lines[:5] == lines[5:]


def test_a_rest_too_short_to_measure_is_left_out(musicmed: Musicmed, tmp_path: Path) -> None:
    file = tmp_path / "short.flac"
    soundfile.write(file, chord(31.0, (440.0,), 2.0), RATE)
    (heard,) = json.loads(musicmed("recognize", str(file), "--json").out)["files"]
    assert len(heard["windows"]) == 1


@pytest.mark.parametrize("content", ["missing", "folder", "text", "empty", "short"])
def test_what_is_no_music_is_refused_in_one_line(musicmed: Musicmed, tmp_path: Path, content: str) -> None:
    file = tmp_path / "song.wav"
    if content == "folder":
        file.mkdir()
    elif content == "text":
        file.write_text("la la la")
    elif content == "empty":
        soundfile.write(file, np.zeros((0, 2), np.float32), RATE)
    elif content == "short":
        soundfile.write(file, chord(2.0, (440.0,), 2.0), RATE)
    ran = musicmed("recognize", str(file), "--json")
    assert ran.code == 2
    assert ran.out == ""
    assert "song.wav" in ran.err
    assert ran.err.count("\n") == 1


def test_without_a_file_it_asks_for_one(musicmed: Musicmed) -> None:
    ran = musicmed("recognize")
    assert ran.code == 2
    assert "FILE" in ran.err
