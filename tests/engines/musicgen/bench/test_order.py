from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.engines.musicgen.bench import order
from musicmed_desktop.engines.musicgen.bench.order import Order, answer, ask, row
from musicmed_desktop.errors import UserError


def test_ten_seconds_take_503_steps() -> None:
    assert (Order(10.0).frames, Order(10.0).steps) == (500, 503)
    assert Order(0.001).frames == 1


def test_figures_are_per_step_and_per_second_of_music() -> None:
    figures = row("one", Order(10.0, device="cpu", dtype="int8"), tokens_s=5.03, first_s=1.5, total_s=6.0)
    assert figures.ms_per_step == pytest.approx(10.0)
    assert figures.s_per_audio_s == pytest.approx(0.6)
    assert figures.time_to_first_chunk_s == 1.5
    assert figures.peak_memory_mb > 10


def test_a_refusal_comes_back_from_the_other_process(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        ask("ours", Order(1.0, str(tmp_path / "no-model")))
    assert "no-model" in str(refused.value)


def test_a_bug_in_the_other_process_surfaces() -> None:
    with pytest.raises(RuntimeError, match="with code 1") as surfaced:
        ask("floor", Order(1.0, device="nowhere"))
    assert "Traceback" in str(surfaced.value)


def ends_with(code: int, out: str) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], code, out, "")


def test_a_process_that_the_system_ended_had_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ends_with(-9, ""))
    with pytest.raises(UserError, match="not enough memory"):
        ask("ours", Order(1.0))


def test_running_out_of_memory_is_told_not_a_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(_: Order) -> dict[str, object]:
        raise MemoryError

    monkeypatch.setattr(sys, "argv", ["worker", json.dumps({"seconds": 1.0})])
    with pytest.raises(SystemExit) as ended:
        answer(too_large)
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "There is not enough memory to measure this model."
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ends_with(int(str(ended.value)), printed))
    with pytest.raises(UserError, match="smaller model"):
        ask("ours", Order(1.0))


def test_only_the_last_line_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ends_with(0, 'a library says hello\n{"a": 1}\n'))
    assert order.ask("floor", Order(1.0)) == {"a": 1}
