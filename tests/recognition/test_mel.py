from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.recognition.mel import HOP, MEL_RATE, N_FFT, N_MELS, RANGE_DB, WINDOW, log_mel, mel_bank


def test_bank_is_librosas() -> None:
    librosa = pytest.importorskip("librosa")
    expected = librosa.filters.mel(sr=MEL_RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=0.0, fmax=MEL_RATE / 2)
    np.testing.assert_allclose(mel_bank(), expected, atol=1e-7)


def test_a_tone_is_loudest_in_its_own_band() -> None:
    time = np.arange(MEL_RATE) / MEL_RATE
    for hz in (440.0, 1000.0, 3000.0):
        level = log_mel(np.sin(2.0 * np.pi * hz * time).astype(np.float32)).mean(axis=1)
        peak_bin = round(hz * N_FFT / MEL_RATE)
        assert mel_bank()[level.argmax(), peak_bin] > 0.0


def test_frames_and_range() -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.1, 2 * MEL_RATE).astype(np.float32)
    noise[MEL_RATE:] = 0.0
    level = log_mel(noise)
    assert level.shape == (N_MELS, (len(noise) - WINDOW) // HOP + 1)
    assert level.dtype == np.float32
    assert np.ptp(level) == pytest.approx(RANGE_DB, abs=1e-3)
