"""The recognizer of the program: VibeNet, and mode heard in the chroma, on the circumplex."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect
from musicmed_desktop.recognition import calibration, vibenet
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.recognition.tonal import tonality

RATE = 16_000  # Hz; what both listeners hear
MIN_SECONDS = 3.0
SILENCE_PEAK = 1e-4  # -80 dBFS

# VibeNet hears little valence where arousal is low; mode is the strongest cue (Eerola, Friberg, Bresin 2013).
TONAL_WEIGHT = 0.6


class CircumplexRecognizer:
    """Measures music on the circumplex. The model is loaded at the first measurement; threads may share it.

    Attributes of a measurement: VibeNet's own in [0, 1] ("vibenet_valence_raw" is its valence), "mode" and
    "key_clarity" in [-1, 1], and calibrated to [-1, 1] "vibenet_valence", "tonal_valence", and "valence" and
    "arousal", which are the affect.
    """

    name = "vibenet+tonal"
    version = f"{vibenet.VERSION}+{calibration.VERSION}"

    def __init__(self) -> None:
        self._vibenet = vibenet.VibeNet()

    def measure(self, samples: NDArray[np.float32], sample_rate: int) -> Measurement:
        """Measure (n, channels) samples in [-1, 1]. Silence is neutral in valence and has the lowest arousal.

        Raises ValueError for less than 3 s of music, another shape, or samples that are not finite.
        """
        mono = _mono(samples, sample_rate)
        if np.abs(mono).max() < SILENCE_PEAK:
            return _SILENCE
        heard = self._vibenet.attributes(mono)
        key = tonality(mono)
        raw_valence = heard.pop("valence")
        by_vibenet = calibration.VALENCE_FROM_VIBENET(raw_valence)
        by_tonality = calibration.VALENCE_FROM_TONALITY(key.mode)
        valence = TONAL_WEIGHT * by_tonality + (1.0 - TONAL_WEIGHT) * by_vibenet
        arousal = calibration.AROUSAL_FROM_ENERGY(heard["energy"])
        attributes = heard | {
            "vibenet_valence_raw": raw_valence,
            "vibenet_valence": by_vibenet,
            "tonal_valence": by_tonality,
            "mode": key.mode,
            "key_clarity": key.key_clarity,
            "valence": valence,
            "arousal": arousal,
        }
        return Measurement(Affect(valence, arousal), attributes)


_SILENCE = Measurement(Affect(0.0, -1.0), {"valence": 0.0, "arousal": -1.0})


def _mono(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """The mean of the channels at 16 kHz, (n,)."""
    import soxr

    if samples.ndim != 2 or samples.shape[1] < 1:
        raise ValueError(f"samples have the shape {samples.shape}; it must be (n, channels)")
    if len(samples) < MIN_SECONDS * sample_rate:
        raise ValueError(f"{len(samples) / sample_rate:.2f} s of music; {MIN_SECONDS:g} s are needed")
    mono = samples.mean(axis=1, dtype=np.float32)
    if not np.isfinite(mono).all():
        raise ValueError("the samples are not all finite")
    resampled: NDArray[np.float32] = soxr.resample(mono, sample_rate, RATE)
    return resampled
