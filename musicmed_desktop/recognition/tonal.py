"""Valence from harmony: how major and how clear the key of a piece sounds.

Mode is the strongest cue to valence (Eerola, Friberg, Bresin 2013). It is measured as relative mode: the strongest
major key less the strongest minor key, which agreed with experts' ratings of music at r = 0.84 with the key
profiles used here (Eerola and Schutz 2025, Psychology of Music, doi:10.1177/03057356251326065). Two things are
added. The bass must agree with the tonic, which parts a major key from its relative minor. And the windows are of
several lengths: 3 s as in the paper, which a modulation does not disturb, up to the whole clip, which knows the tonic
best.

Clear keys sound more pleasant than unclear, dissonant music (key clarity, with majorness a predictor of valence in
Eerola, Lartillot, Toiviainen 2009). Their weights per standard deviation, 0.88 and 0.46, would make clarity the main
thing in music that is mostly clear; here one unit of clarity weighs as much as one of mode: a semitone or tritone
added to every chord (clarity -0.11) darkens a piece by a quarter of the way from major to minor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.recognition.chroma import FRAMES_PER_SECOND, Chroma, chroma

WINDOWS_S = (3.0, 6.0, 12.0, np.inf)
BASS_WEIGHT = 0.3
TYPICAL_CLARITY = 0.85  # of tonal music in one key
LEAST_CLARITY = 0.70  # less than this is no more dissonance but no harmony: drums, noise, speech

# How often each pitch class, from the tonic on, sounds in 490 pieces (Albrecht and Shanahan 2013).
_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
# What the bass plays in either mode: the tonic, the fifth, then the rest of the scale. Placed by hand.
_BASS = (1.0, 0.0, 0.15, 0.15, 0.15, 0.15, 0.0, 0.45, 0.15, 0.15, 0.15, 0.15)


@dataclass(frozen=True)
class Tonality:
    """`mode`: relative mode, about -0.4 (minor) to 0.4 (major); `key_clarity`: how well 3 s fit a key, up to 1."""

    mode: float
    key_clarity: float

    @property
    def valence(self) -> float:
        """Mode and clarity in one, not calibrated: about -0.4 to 0.4."""
        return self.mode + max(self.key_clarity, LEAST_CLARITY) - TYPICAL_CLARITY


def tonality(mono: NDArray[np.float32]) -> Tonality:
    """Of `mono` (n,) at 16 kHz, at least 3 s long. Transposing it, or making it louder, changes next to nothing."""
    heard = chroma(mono)
    modes, clarities = zip(*(_through(heard, seconds) for seconds in WINDOWS_S), strict=True)
    return Tonality(mode=float(np.mean(modes)), key_clarity=clarities[0])


def _through(heard: Chroma, seconds: float) -> tuple[float, float]:
    """Relative mode and key clarity through windows of this length, louder windows counting more."""
    chroma_sums, bass_sums = (_windows(part, seconds) for part in heard)
    weight = chroma_sums.sum(axis=1)
    if not weight.any():
        return 0.0, 0.0
    major, minor = (_likeness(chroma_sums, profile) for profile in (_MAJOR, _MINOR))
    support = BASS_WEIGHT * _likeness(bass_sums, _BASS)
    mode = (major + support).max(axis=1) - (minor + support).max(axis=1)
    clarity = np.maximum(major, minor).max(axis=1)
    return float(np.average(mode, weights=weight)), float(np.average(clarity, weights=weight))


def _windows(frames: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Sums over windows that overlap by half: (windows, 12)."""
    length = int(min(len(frames), seconds * FRAMES_PER_SECOND))
    running = np.concatenate([np.zeros((1, 12)), np.cumsum(frames, axis=0)])
    sums: NDArray[np.float64] = running[length:] - running[:-length]
    return sums[:: max(1, length // 2)]


def _likeness(windows: NDArray[np.float64], profile: tuple[float, ...]) -> NDArray[np.float64]:
    """Correlation of each window with the profile on each of the 12 tonics: (windows, 12); 0 for silence."""
    keys = np.stack([np.roll(profile, tonic) for tonic in range(12)])
    keys = keys - keys.mean(axis=1, keepdims=True)
    centred = windows - windows.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1, keepdims=True) * np.linalg.norm(keys[0])
    likeness: NDArray[np.float64] = centred @ keys.T / np.maximum(norms, 1e-12)
    return likeness
