"""An engine that moves in the middle of a session: whoever follows the session hears of it once."""

from __future__ import annotations

import pytest

from musicmed_desktop.session import listening
from musicmed_desktop.session.events import EngineMoved, Event, Replanned, SessionFinished, StepMeasured
from musicmed_desktop.session.record import Tool
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import MovingEngine, ToneEngine, ToneRecognizer
from tests.fakes.listeners import HeardSession, worse
from tests.fakes.recordings import MemoryRecording, walk

PLAN = walk()
MOVED = EngineMoved("Tones are played more slowly.")
BOTH = Tool(name="tones", version="1, then 2")


def run(engine: ToneEngine) -> list[Event]:
    return list(SessionRunner(PLAN, engine, ToneRecognizer(), MemoryRecording(), tries=1).run())


def engine_of(event: Event) -> Tool:
    assert isinstance(event, SessionFinished)
    assert event.record is not None
    return event.record.engine


def test_an_engine_that_stays_says_nothing() -> None:
    events = run(ToneEngine())
    assert not any(isinstance(event, EngineMoved) for event in events)
    assert engine_of(events[-1]) == Tool(name="tones", version="1")


@pytest.mark.parametrize("clip", [1, 2, 4])
def test_it_is_told_after_the_clip_and_both_versions_are_recorded(clip: int) -> None:
    events = run(MovingEngine(clip))
    assert events.count(MOVED) == 1
    measured = [event.step.index for event in events[: events.index(MOVED)] if isinstance(event, StepMeasured)]
    assert clip - 2 in measured or clip == 1
    assert engine_of(events[-1]) == BOTH


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "POLL_S", 0.001)


@pytest.mark.usefixtures("quick")
def test_who_listens_hears_of_it() -> None:
    session = HeardSession(engine=MovingEngine(2), tries=1)
    assert session.finished().engine == BOTH
    assert session.events.count(MOVED) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("clip", [3, 4])
def test_who_has_asked_for_something_else_hears_of_it_too(clip: int) -> None:
    """The new plan has a runner of its own, which knows nothing of the one before."""
    session = HeardSession((12.0, worse), engine=MovingEngine(clip), plan=walk(minutes=2.0), tries=1)
    assert session.finished().engine == BOTH
    assert session.events.count(MOVED) == 1
    (replanned,) = session.of(Replanned)
    assert isinstance(replanned, Replanned)


def test_an_engine_says_how_many_takes_it_affords() -> None:
    engine = ToneEngine(spread=1.0)
    engine.tries = 1
    list(SessionRunner(PLAN, engine, ToneRecognizer(), MemoryRecording()).run())
    assert len(engine.asked) == len(PLAN.steps)
