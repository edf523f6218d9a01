"""From clips to one continuous piece: trimmed, levelled, joined, faded and limited, as the clips arrive."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.clip import OpenClip
from musicmed_desktop.audio.fades import fade_out
from musicmed_desktop.audio.frames import Frames, silence
from musicmed_desktop.audio.gain import LISTEN_S, FixedGain, Gain, JoiningGain, ListeningGain
from musicmed_desktop.audio.join import Timeline
from musicmed_desktop.audio.limiter import TruePeakLimiter
from musicmed_desktop.audio.trim import ATTACK_S, REST_S, LeadTrimmer

EXIT_TOLERANCE_S = 4.0  # a clip's exit may come this much before its time
HOLD_S = LISTEN_S  # held back at all times, so that a session that is stopped can fade
LENGTH_TOLERANCE_S = 0.1
FADE_IN_S = 0.3
FADE_OUT_S = 4.0
CROSSFADE_MOST_S = 6.0
MATCHED_LEAST_S = 0.5  # a tail that is long enough to tell how loud the music was
CROSSFADE_LEAST_S = 0.02  # a clip without a tail gives its last moment: a cut would click


class Master:
    """Masters one session of `seconds`. Every clip goes through `begin`, `feed` (repeatedly) and `end`.

    What `feed`, `end` and `finish` return, one after another, is the piece: float32, (n, channels), at most
    -1 dBTP. It does not depend on how a clip is cut into feeds. A clip's frames leave as soon as neither the
    next join nor a fade-out can touch them, at the earliest 2 s after they came.
    """

    def __init__(self, sample_rate: int, channels: int, seconds: float) -> None:
        self._rate = sample_rate
        self._channels = channels
        self._seconds = seconds
        self._total = self._frames(seconds)
        self._timeline = Timeline(channels)
        self._limiter = TruePeakLimiter(sample_rate, channels)
        self._clip: OpenClip | None = None
        self._joint = 0  # where the next clip begins
        self._tail_end = 0
        self._gain_db = 0.0

    @property
    def position_s(self) -> float:
        """Where on the timeline the next clip begins; while one is open, where that one began."""
        return self._joint / self._rate if self._joint < self._total else self._seconds

    def begin(self, target_lufs: float, known_lufs: float | None, seconds: float) -> None:
        """Open a clip that is planned to reach its exit after `seconds`, at the loudness `target_lufs`.

        `known_lufs` is its integrated loudness where that was measured; else the gain follows what is heard.
        The clip that reaches the session's end keeps its silences; any other loses those at its edges.
        """
        if self._clip:
            raise RuntimeError("the clip before was not ended")
        first = self._timeline.end == 0
        length = self._frames(seconds)
        final = self._joint + length >= self._total - self._frames(LENGTH_TOLERANCE_S)
        keep_s = np.inf if final else FADE_IN_S if first else ATTACK_S
        lead = LeadTrimmer(self._rate, self._channels, keep_s)
        gain = self._gain(target_lufs, known_lufs)
        self._clip = OpenClip(self._joint, length, final, lead, gain, sounds_until=self._joint)
        if first:
            self._timeline.begin(self._frames(FADE_IN_S))
        else:
            self._timeline.join(self._joint, self._tail_end)

    def feed(self, samples: Frames) -> Frames:
        """Take the clip's next frames, (n, channels), and return what is ready, possibly none.

        Raises ValueError for samples that are not finite: they would reach a listener's ears as full-scale noise.
        """
        clip = self._open()
        if not np.isfinite(samples.sum()):
            raise ValueError("the clip holds samples that are not finite numbers")
        self._timeline.lay(clip.feed(samples))
        return self._release()

    def end(self, exit_s: float) -> Frames:
        """Close the clip; the next one begins `exit_s` after its first frame, over the tail that lies behind.

        Raises ValueError if the exit comes more than EXIT_TOLERANCE_S before its time.
        """
        clip = self._open()
        self._close(clip)
        place = clip.place(self._frames(exit_s))
        if place < self._timeline.start:
            raise ValueError(f"exit at {exit_s:.3f} s; planned at {clip.length / self._rate:.3f} s")
        self._joint, self._tail_end = self._joint_near(place, clip)
        return self._release()

    def finish(self, fade_s: float = FADE_OUT_S) -> Frames:
        """End the session here, after the last clip or in the midst of one, and return the rest of it.

        It fades out over its last `fade_s`, or as much of that as was not returned yet (2 s at least, 4 s at
        the planned end). A session that reached its planned end is exactly as long as planned.
        """
        if self._clip:
            self._close(self._clip)
        if self._timeline.end >= self._total - self._frames(LENGTH_TOLERANCE_S):
            self._timeline.cut(self._total)
            self._timeline.append(silence(self._total - self._timeline.end, self._channels))
        rest = self._timeline.take(self._timeline.end)
        fading = min(len(rest), self._frames(fade_s))
        rest[len(rest) - fading :] *= fade_out(fading)
        return np.concatenate([self._limiter.process(rest), self._limiter.flush()])

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._rate)

    def _open(self) -> OpenClip:
        if self._clip is None:
            raise RuntimeError("no clip was begun")
        return self._clip

    def _gain(self, target_lufs: float, known_lufs: float | None) -> Gain:
        if known_lufs is None:
            return ListeningGain(self._rate, self._channels, target_lufs, self._gain_db)
        tail = self._timeline.view(self._joint, self._tail_end).copy()
        if len(tail) < self._frames(MATCHED_LEAST_S):
            return FixedGain(self._channels, target_lufs, known_lufs)
        return JoiningGain(self._rate, tail, target_lufs, known_lufs)

    def _close(self, clip: OpenClip) -> None:
        self._timeline.lay(clip.flush())
        self._timeline.settle()
        self._gain_db = clip.gain.db
        self._clip = None

    def _joint_near(self, place: int, clip: OpenClip) -> tuple[int, int]:
        """Where the next clip begins, and where the tail beneath it ends.

        The next clip begins at `place`, unless the sound ends well before it: then so much earlier that it
        overlaps as much sound as was planned.
        """
        end = self._timeline.cursor
        if clip.final:
            return min(place, end), end
        overlap = max(0, min(end - place, self._frames(CROSSFADE_MOST_S)))
        silent = clip.sounds_until < place - self._frames(REST_S)
        wanted = clip.sounds_until - overlap if silent else place
        least = self._frames(CROSSFADE_LEAST_S)
        joint = max(self._timeline.start, clip.start, min(wanted, end - least))
        tail = min(max(clip.sounds_until, joint + least), joint + self._frames(CROSSFADE_MOST_S))
        return joint, min(tail, end)

    def _release(self) -> Frames:
        return self._limiter.process(self._timeline.take(self._settled()))

    def _settled(self) -> int:
        """The place before which nothing can change any more."""
        hold, fade = self._frames(HOLD_S), self._total - self._frames(FADE_OUT_S)
        clip = self._clip
        if clip is None:
            return min(self._joint, self._timeline.end - hold, fade)
        settled = min(self._timeline.cursor, clip.heard - hold, fade)
        if clip.final:
            return settled
        earliest_exit = clip.place(clip.length - self._frames(EXIT_TOLERANCE_S))
        return min(settled, earliest_exit, clip.sounds_until)  # a silence waits: it may turn out to be the end
