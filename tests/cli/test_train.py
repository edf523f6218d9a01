"""`musicmed train` as a person sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from musicmed_desktop.cli import main
from musicmed_desktop.cli.train.progress import show
from musicmed_desktop.training.events import Begun, Coded, Evaluated, Event, Sampled, Stepped, Trained
from musicmed_desktop.training.recipe import Recipe
from tests.fakes.jamendo import miniature
from tests.fakes.musicgen import save_transformers, tiny_transformers

EVENTS: Sequence[Event] = (
    Coded(1, 2, 0),
    Coded(2, 2, 1),
    Begun(0, 3, {"excitement": 5, "distress": 1}, 1_000, 420_000_000, "the processor, 32-bit numbers"),
    Evaluated(0, 4.5, {"excitement": 4.0, "distress": 5.0}, True),
    *(Stepped(step, 4.0 - step / 10, 2e-4, 1.0) for step in (1, 2, 3)),
    Evaluated(3, 3.5, {"excitement": 3.0, "distress": 4.0}, False),
    Sampled(3, None, "Memory is short."),
    Trained(Path("out/adapter"), 3, 0, 4.5, 3.5, early=False),
)


def test_in_a_pipe_every_stage_has_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(EVENTS) == EVENTS[-1]
    assert capsys.readouterr().out.splitlines() == [
        "Codes of the music: 1 of 2",
        "Codes of the music, 1 cannot be used: 2 of 2",
        "Learning begins, on the processor, 32-bit numbers: 1,000 weights on top of 420,000,000; "
        "examples: 5 of excitement, 1 of distress.",
        "Step 0: validation loss 4.500 (best); excitement 4.000, distress 5.000",
        "Learning, loss 3.900: 1 of 3",
        "Learning, loss 3.800: 2 of 3",
        "Learning, loss 3.700: 3 of 3",
        "Step 3: validation loss 3.500; excitement 3.000, distress 4.000",
        "No sample: Memory is short.",
    ]


def test_a_long_training_does_not_fill_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    begun = Begun(0, 10_000, {}, 1, 1, "here")
    show([begun, *(Stepped(step, 3.0, 1e-4, 1.0) for step in range(1, 10_001))])
    assert len(capsys.readouterr().out.splitlines()) == 21


def test_without_events_there_is_nothing_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert show([]) is None
    assert capsys.readouterr().out == ""


def test_help_has_an_option_for_all_that_a_recipe_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    said = capsys.readouterr().out
    others = {"window_s": "--window", "sample_s": "--sample"}
    for field in fields(Recipe):
        assert others.get(field.name, f"--{field.name.replace('_', '-')}") in said
    assert "accelerate launch -m musicmed_desktop.training" in said


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, a dataset, and one whose index knows a tag that is none."""
    folder = tmp_path_factory.mktemp("here")
    save_transformers(tiny_transformers(hidden=16, ffn=16, heads=2), folder / "model")
    miniature(folder / "dataset", 1, 2.0)
    index = miniature(folder / "misspelt", 1, 2.0) / "data" / "splits" / "split-0" / "autotagging_moodtheme-train.tsv"
    index.write_bytes(index.read_bytes().replace(b"mood/theme---happy", b"mood/theme---hapy"))
    return folder


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--model=nowhere", "--dataset=dataset"], "nowhere"),
        (["--model=model", "--dataset=nowhere"], "nowhere"),
        (["--model=model", "--dataset=model"], "model"),
        (["--model=model", "--dataset=misspelt"], "happy"),
        (["--model=model", "--dataset=dataset", "--audio=model"], "sound files"),
        (["--model=model", "--dataset=dataset", "--batch=5"], "multiple of 2"),
        (["--model=model", "--dataset=dataset", "--codec=dataset"], "dataset"),
        (["--model=model", "--dataset=dataset", "--out=model"], "other files"),
        (["--model=model", "--dataset=dataset", "--rank=0"], "rank"),
        (["--model=model"], "--dataset"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    here: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(here)
    out = [] if any(each.startswith("--out") for each in asked) else [f"--out={tmp_path / 'out'}"]
    assert main(["train", *asked, *out]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert len(said.err.splitlines()) <= 2
    assert said.out == ""
