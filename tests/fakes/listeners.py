"""Someone who listens to a session: what a player plays, without a sound card."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.fader import FadeOut, Fader
from musicmed_desktop.audio.player import STOP_S
from musicmed_desktop.engines.base import Engine, Frames
from musicmed_desktop.plan import Plan, Prescription
from musicmed_desktop.plan.detour import calm_now, from_here
from musicmed_desktop.session.events import ChunkReady, Event, SessionFinished
from musicmed_desktop.session.listening import Listening
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.wishes import Wishes
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.recordings import MemoryRecording, walk

RING_S = 0.7  # on its way to the ears: no longer to be changed
LATENCY_S = 0.3  # of that, in the sound card: it can no longer be faded either


class Listener:
    """Moves on by what `passed` says, seconds, whenever it is asked how far it is; never beyond what was given.

    What has been in its ring cannot be replaced: a chunk that would is an error, and so is one behind a gap.
    """

    def __init__(self, passed: Callable[[], float], sample_rate: int = 8000, channels: int = 2) -> None:
        self.position_s = 0.0
        self.committed = 0
        self.most_ahead = 0
        self.chunks: list[ChunkReady] = []
        self._passed = passed
        self._rate = sample_rate
        self._given: Frames = np.zeros((0, channels), np.float32)
        self._fade: tuple[int, int] | None = None  # frames

    @property
    def given_s(self) -> float:
        return len(self._given) / self._rate

    def committed_s(self) -> float:
        passed = self._passed()
        end_s = self.given_s if self._fade is None else self._fade[1] / self._rate
        self.position_s = min(self.position_s + passed, end_s, self.given_s)
        ring = round((self.position_s + RING_S) * self._rate)
        self.committed = max(self.committed, min(ring, len(self._given)))
        return self.position_s + RING_S

    def take(self, chunk: ChunkReady) -> None:
        at = round(chunk.start_s * self._rate)
        assert abs(at - chunk.start_s * self._rate) < 1e-3
        assert self.committed <= at <= len(self._given)
        self.chunks.append(chunk)
        self._given = np.concatenate([self._given[:at], chunk.frames])
        self.most_ahead = max(self.most_ahead, len(self._given) - self.committed)

    def stop(self) -> FadeOut:
        """Fade out as a player does."""
        begin, end = (round((self.position_s + seconds) * self._rate) for seconds in (LATENCY_S, STOP_S))
        self._fade = begin, end
        return FadeOut(begin / self._rate, end / self._rate)

    @property
    def heard(self) -> Frames:
        """All that sounded, once the session is over."""
        if self._fade is None:
            return self._given
        begin, end = self._fade
        sound = self._given[:end].copy()
        fader = Fader(1.0)
        fader.move(0.0, end - begin)
        fader.apply(sound[begin:])
        return sound


FELT = Affect(-0.2, 0.4)
Act = Callable[["HeardSession"], None]


class HeardSession:
    """A listener who moves on by `pace_s` at each look, and acts at moments of the session."""

    def __init__(
        self,
        *acts: tuple[float, Act],
        plan: Plan | None = None,
        engine: Engine | None = None,
        room: int | None = None,
        pace_s: float = 2.0,
        clock: Callable[[], float] | None = None,
        **options: Any,
    ) -> None:
        self.plan = plan or walk(minutes=1.0)
        self.engine = engine or ToneEngine()
        self.rate = self.engine.sample_rate
        self.recording = MemoryRecording(room, (self.rate, self.engine.channels))
        self.recognizer = ToneRecognizer()
        self.wishes = Wishes()
        self.paused = 0  # looks
        self.listener = Listener(clock or self._passed, self.rate, self.engine.channels)
        self.events: list[Event] = []
        self._pace_s = pace_s
        self._acts = sorted(acts, key=lambda act: act[0])
        self._listening = Listening(
            self.plan,
            self.engine,
            self.recognizer,
            self.recording,
            committed_s=self.listener.committed_s,
            wishes=self.wishes,
            **{"tries": 2, "hurry_s": 0.0, **options},
        )

    def _passed(self) -> float:
        while self._acts and self.listener.position_s >= self._acts[0][0]:
            self._acts.pop(0)[1](self)
        self.paused -= 1
        till_act = self._acts[0][0] - self.listener.position_s if self._acts else self._pace_s
        return 0.0 if self.paused >= 0 else min(self._pace_s, till_act)

    def run(self) -> Generator[Event, None, None]:
        for event in self._listening.run():
            self.events.append(event)
            if isinstance(event, ChunkReady):
                self.listener.take(event)
            yield event

    def finished(self) -> SessionRecord:
        for _ in self.run():
            pass
        assert isinstance(self.events[-1], SessionFinished)
        record = self.events[-1].record
        assert record is not None
        assert record == self.recording.record
        return record

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def brief(prescription: Prescription) -> Prescription:
    """Tests are in more of a hurry than listeners."""
    return prescription.model_copy(update={"minutes": 1.0})


def worse(session: HeardSession) -> None:
    calm = calm_now(session.plan.prescription, session.listener.position_s)
    session.wishes.change("worse", Affect(-0.7, 0.7), brief(calm))


def moved(session: HeardSession) -> None:
    rest = from_here(session.plan.prescription, FELT, session.listener.position_s)
    session.wishes.change("moved", FELT, brief(rest))


def stop(session: HeardSession) -> None:
    session.wishes.stop(session.listener.stop())


def paused(session: HeardSession) -> None:
    session.paused = 30
