from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.cli.progress import show, waiting
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.session.events import ChunkReady, EngineMoved, Event, SessionFinished, StepStarted, StepStored
from musicmed_desktop.session.record import Coordinates
from tests.fakes.records import record_of
from tests.fakes.terminal import shown_on_a_terminal

PLAN = build_plan(Prescription(start=Affect(-0.6, 0.7), target=Affect(0.5, -0.5), minutes=1), seed=1)


def events() -> Iterator[Event]:
    for step, record in zip(PLAN.steps, record_of(PLAN).steps, strict=True):
        yield StepStarted(step, step.start_s)
        yield ChunkReady(np.zeros((800, 2), np.float32), step.start_s, 100)
        heard = {"measured": Coordinates(valence=-0.25, arousal=0.5), "tries": step.index + 1}
        yield StepStored(record.model_copy(update=heard))
    yield SessionFinished(None, shortened=False)


@pytest.mark.parametrize("on_stderr", [False, True])
def test_in_a_pipe_every_step_is_a_line(capsys: pytest.CaptureFixture[str], on_stderr: bool) -> None:
    last = show(events(), PLAN, on_stderr)
    captured = capsys.readouterr()
    lines = (captured.err if on_stderr else captured.out).splitlines()
    assert (captured.out if on_stderr else captured.err) == ""
    assert isinstance(last, SessionFinished)
    assert lines[0].split() == ["1/2", "0:00", "worried", "-0.60,+0.70", "->", "-0.25,+0.50", "1", "try"]
    assert lines[1].split()[:2] == ["2/2", "0:30"]
    assert lines[1].endswith("2 tries")


def test_an_engine_that_moves_is_told_between_the_steps(capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = events()
    show([first, EngineMoved("MusicGen makes the music on the processor."), *others], PLAN, on_stderr=False)
    assert capsys.readouterr().out.splitlines()[0] == "MusicGen makes the music on the processor."


@pytest.mark.skipif(os.name == "nt", reason="Windows names the error otherwise")
def test_whoever_reads_the_lines_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session goes on to its last event all the same."""
    reading, writing = os.pipe()
    os.close(reading)
    left = os.fdopen(writing, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", left)
    assert isinstance(show(events(), PLAN, on_stderr=False), SessionFinished)
    with pytest.raises(BrokenPipeError):
        left.close()


def load() -> None:
    with waiting("Loading what makes the music", on_stderr=False):
        pass


def test_on_a_terminal_there_is_a_bar_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_on_a_terminal(monkeypatch, lambda: show(events(), PLAN, on_stderr=False))
    assert "Composing" in shown
    assert "63%" in shown  # 38 of 60 seconds had come
    assert "2/2" in shown


def test_on_a_terminal_it_says_what_is_being_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Loading what makes the music…" in shown_on_a_terminal(monkeypatch, load)


def test_in_a_pipe_nothing_is_said_of_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    load()
    assert capsys.readouterr() == ("", "")
