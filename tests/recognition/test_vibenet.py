from __future__ import annotations

import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from musicmed_desktop.recognition.vibenet import ATTRIBUTES, VibeNet

RATE = 16_000


@pytest.fixture(scope="module")
def original() -> Any:
    """The package's own model; its pydub wants ffmpeg, and modules that newer Pythons have no more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (RuntimeWarning))
        warnings.simplefilter("ignore", (DeprecationWarning))
        vibenet = pytest.importorskip("vibenet")
        pytest.importorskip("vibenet.backends", exc_type=ImportError)
        return vibenet.load_model()


@pytest.fixture(scope="module")
def ours() -> VibeNet:
    return VibeNet()


def signals() -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(7)
    time = np.arange(5 * RATE) / RATE
    chord = sum(np.sin(2.0 * np.pi * hz * time) for hz in (220.0, 277.2, 329.6)) * (1.0 + np.sin(8.0 * time))
    clicks = (np.arange(5 * RATE) % (RATE // 2) < 80) * random.normal(0.0, 0.5, 5 * RATE)
    return {
        "noise": random.normal(0.0, 0.1, 5 * RATE).astype(np.float32),
        "chord": (0.1 * chord).astype(np.float32),
        "clicks": clicks.astype(np.float32),
        "over full scale": (3.0 * chord).astype(np.float32),
        "very soft": (1e-4 * chord).astype(np.float32),
        "half silent": np.concatenate([np.zeros(RATE), 0.1 * chord[: 3 * RATE]]).astype(np.float32),
    }


@pytest.mark.parametrize("name", signals())
def test_equals_the_package(name: str, ours: VibeNet, original: Any) -> None:
    sound = signals()[name]
    (expected,) = original.predict(sound, sr=RATE)
    assert ours.attributes(sound) == pytest.approx(expected.to_dict(), abs=1e-4)


def test_equals_the_package_on_stereo_at_44100_hz(tmp_path: Any, ours: VibeNet, original: Any) -> None:
    soundfile = pytest.importorskip("soundfile")
    random = np.random.default_rng(3)
    stereo = np.cumsum(random.normal(0.0, 0.02, (4 * 44_100, 2)), axis=0) % 1.0 - 0.5
    soundfile.write(tmp_path / "stereo.wav", stereo, 44_100, subtype="FLOAT")
    (expected,) = original.predict(str(tmp_path / "stereo.wav"))
    mono = soxr.resample(stereo.astype(np.float32).mean(axis=1), 44_100, RATE)
    assert ours.attributes(mono) == pytest.approx(expected.to_dict(), abs=1e-4)


def test_attributes_are_the_packages_and_in_range(ours: VibeNet, original: Any) -> None:
    import vibenet

    assert list(ATTRIBUTES) == vibenet.labels
    assert original is not None
    for sound in signals().values():
        assert all(0.0 <= value <= 1.0 for value in ours.attributes(sound).values())


def test_threads_share_one_model() -> None:
    model, sounds = VibeNet(), list(signals().values())[:2] * 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(model.attributes, sounds))
    assert together == [VibeNet().attributes(sound) for sound in sounds]


def test_needs_no_heavy_library() -> None:
    script = (
        "import sys, numpy as np; from musicmed_desktop.recognition import create_recognizer;"
        "recognizer = create_recognizer(); assert 'onnxruntime' not in sys.modules;"
        "recognizer.measure(np.random.default_rng(1).normal(0, .1, (4 * 44100, 2)).astype(np.float32), 44100);"
        "print(sorted({'librosa', 'numba', 'pydub', 'scipy', 'audioread'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_onnx_runtime_keeps_no_record_of_this_computer_to_be_sent(tmp_path: Path) -> None:
    """Else it gives it a number and writes down what it ran, below the user's home, and sends that to its maker."""
    program = (
        "import numpy as np; from musicmed_desktop.recognition.vibenet import VibeNet;"
        "VibeNet().attributes(np.random.default_rng(1).standard_normal(16_000).astype(np.float32))"
    )
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(tmp_path))
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    subprocess.run([sys.executable, "-c", program], env=kept | homes, check=True)
    assert list(tmp_path.rglob("*")) == []
