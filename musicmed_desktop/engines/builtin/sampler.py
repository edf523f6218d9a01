"""Single notes of a SoundFont, shaped to their instrument's tone and kept for the session.

symusic's synthesizer plays a SoundFont's looped sample at its pitch, but leaves out envelopes and velocity (tried:
velocity 1 and 127 sound the same, a harp never fades). So notes are rendered one by one and shaped here.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.instruments import Instrument

Frames = NDArray[np.float32]

SAMPLE_RATE = 44_100
LENGTHS_S = (1.5, 3.0, 6.0, 12.0)  # a note takes the shortest sample that holds it
TIERS = 3  # soft, medium, loud: how bright a note is
_REFERENCE_DB = -20.0  # RMS of a note's first 0.3 s
_FRAME = 1_024
_CACHE_BYTES = 160_000_000


class Sampler:
    """`note()` gives one note of an instrument as (n, 2) frames, to be scaled and added to a mix."""

    def __init__(self, soundfont: Path) -> None:
        from symusic import Synthesizer

        self._synthesizer: Any = Synthesizer(sf_path=str(soundfont), sample_rate=SAMPLE_RATE)
        self._cache: OrderedDict[tuple[int, int, float, int], Frames] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def note(self, instrument: Instrument, pitch: int, seconds: float, tier: int) -> Frames:
        """Frames of at least `seconds` (at most 12 s); `tier` 0 soft to 2 loud."""
        length = next((x for x in LENGTHS_S if x >= seconds), LENGTHS_S[-1])
        key = (instrument.program, pitch, length, tier)
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
            frames = self._render(instrument, pitch, length)
            frames = frames if instrument.program < 0 else _shaped(frames, instrument, pitch, tier)
            self._keep(key, frames)
            return frames

    def _keep(self, key: tuple[int, int, float, int], frames: Frames) -> None:
        self._cache[key] = frames
        self._bytes += frames.nbytes
        while self._bytes > _CACHE_BYTES:
            _, oldest = self._cache.popitem(last=False)
            self._bytes -= oldest.nbytes

    def _render(self, instrument: Instrument, pitch: int, seconds: float) -> Frames:
        from symusic import Note, Score, Tempo, Track

        score: Any = Score(480)  # its stubs join the three time units into one union
        score.tempos.append(Tempo(0, 120.0))
        track: Any = Track(program=max(0, instrument.program), is_drum=instrument.program < 0, name="note")
        track.notes.append(Note(0, round(seconds * 960), pitch, 100))
        score.tracks.append(track)
        sound = self._synthesizer.render(score, stereo=True)
        frames = np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)
        n = min(len(frames), sound.shape[1])
        frames[:n] = sound.T[:n]
        return frames


def _shaped(frames: Frames, instrument: Instrument, pitch: int, tier: int) -> Frames:
    """The sample at the reference level, darker in the lower tiers, fading as its tone asks."""
    if tier < TIERS - 1:
        frames = _darker(frames, pitch, octaves=2.0 + 1.5 * tier)
    n = len(frames) // _FRAME
    power = np.square(frames[: n * _FRAME]).reshape(n, -1).mean(axis=1)
    level_db = 10.0 * np.log10(power + 1e-12)
    first = 10.0 * math.log10(float(power[:14].mean()) + 1e-12)
    if first < -90.0:
        return np.zeros_like(frames)
    gain_db = np.full(n, _REFERENCE_DB - first)
    if not instrument.tone.sustained:
        gain_db = np.clip(_fading(instrument, pitch, n) - level_db, -80.0, gain_db + 24.0)
        gain_db[:2] = gain_db[2]  # the onset keeps its own shape
    curve = np.interp(np.arange(len(frames)), (np.arange(n) + 0.5) * _FRAME, 10.0 ** (gain_db / 20.0))
    shaped: Frames = frames * curve[:, None].astype(np.float32)
    return shaped


def _fading(instrument: Instrument, pitch: int, frames: int) -> NDArray[np.float64]:
    """The level that the tone should have, dB; high notes fade faster, a factor of two in two octaves."""
    seconds = (np.arange(frames) + 0.5) * _FRAME / SAMPLE_RATE
    speed = 2.0 ** ((pitch - 60) / 24.0)
    tone = instrument.tone
    return _REFERENCE_DB + 2.0 - tone.drop_db * (1.0 - np.exp(-seconds / 0.3)) - tone.fade_db * speed * seconds


def _darker(frames: Frames, pitch: int, octaves: float) -> Frames:
    """Softly played notes have fewer overtones: 12 dB per octave from `octaves` above the fundamental."""
    from pedalboard import LowpassFilter
    from pedalboard._pedalboard import Pedalboard

    cutoff = min(18_000.0, 440.0 * 2.0 ** ((pitch - 69) / 12.0 + octaves))
    board = Pedalboard([LowpassFilter(cutoff), LowpassFilter(cutoff)])
    return np.ascontiguousarray(board(frames.T, SAMPLE_RATE).T)
