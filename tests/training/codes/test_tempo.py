from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from musicmed_desktop.affect import mood
from musicmed_desktop.engines.base import ClipContext
from musicmed_desktop.engines.builtin.cues import cues_for
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.plan.prompts import prompt
from musicmed_desktop.plan.step import Step
from musicmed_desktop.training.codes.tempo import beats_per_minute, tempo_of

RATE = 32_000


def clicks(bpm: float, seconds: float = 20.0, rate: int = RATE) -> NDArray[np.float32]:
    """A short burst of noise at each beat."""
    chance, samples = np.random.default_rng(0), np.zeros(round(seconds * rate), np.float32)
    burst = np.exp(-np.arange(rate // 20) / (rate / 100))
    for beat in np.arange(0.1, seconds - 0.1, 60 / bpm):
        begin = round(beat * rate)
        samples[begin : begin + len(burst)] += 0.5 * burst * chance.standard_normal(len(burst))
    return samples


@pytest.mark.parametrize("bpm", range(60, 161, 4))
def test_the_tempo_of_clicks(bpm: int) -> None:
    assert beats_per_minute(clicks(bpm), RATE) == pytest.approx(bpm, rel=0.015)


@pytest.mark.parametrize("rate", [22_050, 44_100])
def test_the_tempo_at_other_rates(rate: int) -> None:
    assert beats_per_minute(clicks(96, rate=rate), rate) == pytest.approx(96, rel=0.015)


def test_the_tempo_of_a_piece() -> None:
    target = mood("energetic").affect
    step = Step(0, 0.0, 15.0, target, 0.0, "match", "energetic", prompt(("energetic",), "", ("drums", "bass")))
    context, engine = ClipContext(0, 15.0, 0.0, final=True, leaving=target), BuiltinEngine()
    piece = np.concatenate(list(engine.stream(step, context, lambda: False))).mean(axis=1)
    assert beats_per_minute(piece, engine.sample_rate) == pytest.approx(cues_for(target).bpm, rel=0.03)


def drone() -> NDArray[np.float32]:
    phases = 2 * np.pi * np.outer([110.0, 165.0, 220.7, 277.0], np.arange(10 * RATE) / RATE)
    return np.asarray(0.1 * np.sin(phases).sum(axis=0), np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(np.zeros(10 * RATE, np.float32), id="silence"),
        pytest.param(drone(), id="a drone"),
        pytest.param(0.1 * np.random.default_rng(0).standard_normal(10 * RATE, np.float32), id="noise"),
        pytest.param(clicks(120, 3.0), id="too short to tell"),
        pytest.param(np.zeros(0, np.float32), id="nothing"),
    ],
)
def test_there_may_be_no_beat(samples: NDArray[np.float32]) -> None:
    assert beats_per_minute(samples, RATE) is None


def test_a_track_has_the_tempo_of_most_of_its_windows() -> None:
    windows = [clicks(90), drone(), clicks(140), clicks(91)]
    assert tempo_of(windows, RATE) == pytest.approx(91, rel=0.02)
    assert tempo_of([clicks(70), clicks(140)], RATE) == pytest.approx(70, rel=0.02)  # not 105
    assert tempo_of([drone()], RATE) is None
    assert tempo_of([], RATE) is None


@pytest.mark.slow
def test_librosa_is_loaded_late_and_without_a_warning() -> None:
    program = (
        "import sys, numpy as np; from musicmed_desktop.training.codes.tempo import beats_per_minute as bpm;"
        "assert 'librosa' not in sys.modules;"
        "print(bpm(np.tile(np.eye(1, 16000, dtype='f4')[0], 20), 32000))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(120, rel=0.015)
    assert not done.stderr
