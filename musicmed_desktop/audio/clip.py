"""The clip that is being mastered: its way from the engine's frames to levelled ones on the timeline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.gain import Gain
from musicmed_desktop.audio.trim import LeadTrimmer, sound_end


@dataclass
class OpenClip:
    """All counts are frames; `start` and `sounds_until` (behind the last audible frame) are places on the timeline."""

    start: int
    length: int  # from its first frame to its exit, as planned
    final: bool  # reaches the end of the session
    lead: LeadTrimmer
    gain: Gain
    sounds_until: int
    _fed: int = 0
    _passed: int = 0  # behind the trimmer

    def feed(self, samples: Frames) -> Frames:
        """The trimmed and levelled frames that are ready, possibly none."""
        self._fed += len(samples)
        return self._level(self.lead.feed(samples))

    def flush(self) -> Frames:
        """The rest; the clip ends here."""
        return np.concatenate([self._level(self.lead.flush()), self.gain.flush()])

    def place(self, frame: int) -> int:
        """Where on the timeline the clip's own `frame` lies."""
        return self.start + frame - self.lead.removed

    @property
    def heard(self) -> int:
        """The place up to which frames came in."""
        return self.place(self._fed)

    def _level(self, samples: Frames) -> Frames:
        sounding = sound_end(samples)
        if sounding:
            self.sounds_until = self.start + self._passed + sounding
        self._passed += len(samples)
        return self.gain.feed(samples)
