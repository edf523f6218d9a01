"""The recognizer of the program: VibeNet, and the mode and key heard in the chroma, on the circumplex."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect
from musicmed_desktop.recognition import calibration, vibenet
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.recognition.tonal import Tonality, tonality

HEARING_RATE = 16_000  # Hz; what both listeners hear
MIN_SECONDS = 3.0
SILENCE_RMS_DB = -80.0

# VibeNet learned from mastered records, and the level changes what it hears: a calm clip made 20 dB softer rises in
# energy from 0.10 to 0.19, a lively one falls from 0.26 to 0.15. At a record's level, -12 dBFS, its energy tells 112
# calm and lively clips apart best (area under the curve 0.86, at their own levels 0.83, at -30 dBFS 0.78).
HEARING_RMS_DB = -12.0

# VibeNet's valence follows tempo, percussion and articulation (r = 0.82 with its own energy), and not the mode: over
# 56 pieces, each in modes from Lydian to Phrygian, its rank correlation with their brightness is 0.00, the tonal
# estimate's 0.87. So it counts as the smaller part.
TONAL_WEIGHT = 0.8


class CircumplexRecognizer:
    """Measures music on the circumplex. The model is loaded at the first measurement; threads may share it.

    The attributes of a measurement: VibeNet's in [0, 1] (its valence is "vibenet_valence_raw"); "mode" and
    "key_clarity" as in Tonality; and in [-1, 1] "vibenet_valence" and "tonal_valence", the two estimates of valence,
    each calibrated on its own, "valence", their weighted mean, and "arousal".
    """

    name = "vibenet+tonal"
    version = f"{vibenet.VERSION}+{calibration.VERSION}"

    def __init__(self) -> None:
        self._vibenet = vibenet.VibeNet()

    def measure(self, samples: NDArray[np.float32], sample_rate: int) -> Measurement:
        """Measure (n, channels) samples, of any level; 30 s are best. Silence is neutral and has the lowest arousal.

        Raises ValueError for less than 3 s of music, for another shape, and for samples that are not finite.
        """
        mono = _levelled(_mono(samples, sample_rate))
        if mono is None:
            return _SILENCE
        return _measurement(self._vibenet.attributes(mono), tonality(mono))


def _measurement(heard: dict[str, float], key: Tonality) -> Measurement:
    others = {name: value for name, value in heard.items() if name != "valence"}
    by_vibenet = calibration.VALENCE_FROM_VIBENET(heard["valence"])
    by_key = calibration.VALENCE_FROM_TONALITY(key.valence)
    affect = Affect(
        valence=TONAL_WEIGHT * by_key + (1.0 - TONAL_WEIGHT) * by_vibenet,
        arousal=calibration.AROUSAL_FROM_ENERGY(heard["energy"]),
    )
    attributes = others | {
        "vibenet_valence_raw": heard["valence"],
        "vibenet_valence": by_vibenet,
        "tonal_valence": by_key,
        "mode": key.mode,
        "key_clarity": key.key_clarity,
        "valence": affect.valence,
        "arousal": affect.arousal,
    }
    return Measurement(affect, attributes)


def _silence() -> Measurement:
    """No sound at all, which VibeNet would take for energetic music."""
    nothing = _measurement(dict.fromkeys(vibenet.ATTRIBUTES, 0.0), Tonality(0.0, 0.0)).attributes
    return Measurement(Affect(0.0, -1.0), {name: -1.0 if name == "arousal" else 0.0 for name in nothing})


_SILENCE = _silence()


def _mono(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """The mean of the channels at 16 kHz, (n,)."""
    import soxr

    if samples.ndim != 2 or samples.shape[1] < 1:
        raise ValueError(f"samples have the shape {samples.shape}; it must be (n, channels)")
    if len(samples) < MIN_SECONDS * sample_rate:
        raise ValueError(f"{len(samples) / sample_rate:.2f} s of music; {MIN_SECONDS:g} s are needed")
    if not np.isfinite(samples).all():
        raise ValueError("the samples are not all finite")
    mono = sum(samples.T[1:], samples.T[0]) / samples.shape[1]  # numpy's own mean takes ten times as long
    resampled: NDArray[np.float32] = soxr.resample(mono.astype(np.float32), sample_rate, HEARING_RATE)
    return resampled


def _levelled(mono: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """At the level of hearing, which may exceed full scale; None for silence."""
    rms = float(np.sqrt(np.mean(np.square(mono, dtype=np.float64))))
    if rms < 10.0 ** (SILENCE_RMS_DB / 20.0):
        return None
    return mono * np.float32(10.0 ** (HEARING_RMS_DB / 20.0) / rms)
