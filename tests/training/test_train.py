"""A training from beginning to end, on a miniature dataset and a tiny MusicGen; killed, and with two processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import uniform
from typing import Any, TypeVar

import pytest
import torch
from safetensors.torch import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from musicmed_desktop.engines.musicgen.adapters import read_adapter
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.events import Begun, Coded, Evaluated, Event, Paused, Stepped, Trained
from musicmed_desktop.training.recipe import Places, Recipe
from musicmed_desktop.training.train import train
from tests.fakes.jamendo import miniature
from tests.fakes.killing import ROOT, kill_while
from tests.fakes.musicgen import save_transformers, tiny_transformers

RECIPE = Recipe(
    window_s=1.0,
    most_windows=2,
    rank=4,
    batch=4,
    micro_batch=2,
    steps=12,
    learning_rate=0.01,
    evaluate_every=6,
    checkpoint_every=2,
    ema=0.5,
    sample_s=0.0,
)
SLOWLY = """
import sys, time
from pathlib import Path
from tests.training.test_train import RECIPE, Places, Stepped, train
for event in train(Places(*map(Path, sys.argv[1:])), RECIPE):
    if isinstance(event, Stepped):
        print(event.step, flush=True)
        time.sleep(0.1)
"""
Kind = TypeVar("Kind")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A model and a dataset, of which the codes are there after the first training."""
    folder = tmp_path_factory.mktemp("training")
    model = save_transformers(tiny_transformers(hidden=32, ffn=48), folder / "musicgen-small")
    return Places(model, miniature(folder / "dataset", 1, 3.0), folder / "out", codes=folder / "codes")


@pytest.fixture(scope="module")
def events(places: Places) -> list[Event]:
    """Those of a whole training."""
    return list(train(places, RECIPE))


def of_kind(events: Iterable[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def learnt(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter" / "adapter_model.safetensors")


def identical(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_it_listens_learns_and_leaves_an_adapter(places: Places, events: list[Event]) -> None:
    coded, begun = of_kind(events, Coded), of_kind(events, Begun)[0]
    assert coded[-1] == Coded(8, 8, 0)
    assert set(begun.windows.values()) == {2}
    assert [event.step for event in of_kind(events, Stepped)] == [*range(1, 13)]
    assert [event.step for event in of_kind(events, Evaluated)] == [0, 6, 12]
    end = events[-1]
    assert isinstance(end, Trained)
    assert end.best_loss < 0.8 * end.first_loss
    assert read_adapter(end.adapter).base == "facebook/musicgen-small"
    assert (places.out / "excluded.tsv").read_text().count("\n") == 1
    assert list((places.out / "logs").rglob("events.out.tfevents.*"))


def test_the_same_request_again_has_nothing_to_do(places: Places, events: list[Event]) -> None:
    again = list(train(places, RECIPE))
    assert again[-1] == events[-1]
    assert not of_kind(again, Stepped)


def test_going_on_keeps_the_log_whole(places: Places, events: list[Event], tmp_path: Path) -> None:
    """Each number is there once, also those of the step behind which it stopped."""
    stopped, seen = replace(places, out=tmp_path / "out"), list[Event]()
    for event in train(stopped, RECIPE, lambda: len(of_kind(seen, Stepped)) >= 6):
        seen.append(event)
    list(train(stopped, RECIPE))
    log: Any = EventAccumulator(str(stopped.out / "logs" / "tensorboard")).Reload()
    assert [scalar.step for scalar in log.Scalars("loss")] == [*range(1, 13)]
    assert [scalar.step for scalar in log.Scalars("validation/all")] == [0, 6, 12]
    assert events


def test_it_goes_on_with_less_memory_but_not_with_other_music(places: Places, events: list[Event]) -> None:
    assert list(train(places, replace(RECIPE, micro_batch=1, checkpoint_every=7)))[-1] == events[-1]
    (places.out / "training.json").write_text(
        (places.out / "training.json").read_text().replace('"examples": "', '"examples": "other')
    )
    with pytest.raises(UserError, match="examples was other"):
        list(train(places, RECIPE))
    (places.out / "training.json").write_text(
        (places.out / "training.json").read_text().replace('"examples": "other', '"examples": "')
    )


def test_numbers_that_are_none_end_it(places: Places, events: list[Event], tmp_path: Path) -> None:
    assert events
    wild = replace(RECIPE, learning_rate=1e30, clip_norm=1e30)
    with pytest.raises(UserError, match="numbers that are none"):
        list(train(replace(places, out=tmp_path / "out"), wild))


def test_killed_it_goes_on_to_the_same_weights(places: Places, events: list[Event], tmp_path: Path) -> None:
    killed = replace(places, out=tmp_path / "out")
    arguments = [str(path or "") for path in (killed.model, killed.dataset, killed.out, killed.dataset / "audio")]
    said = kill_while(SLOWLY, *arguments, str(places.codes), seconds=uniform(0.0, 1.0))
    done = len(said.splitlines())
    assert 1 <= done < 12
    rest = list(train(killed, RECIPE))
    curve = {event.step: event.loss for event in of_kind(events, Stepped)}
    assert all(curve[event.step] == event.loss for event in of_kind(rest, Stepped))
    assert identical(learnt(killed.out), learnt(places.out))


def test_stopped_it_goes_on_to_the_same_weights(places: Places, events: list[Event], tmp_path: Path) -> None:
    stopped, done = replace(places, out=tmp_path / "out"), 0

    def enough() -> bool:
        return done >= 5

    seen = []
    for event in train(stopped, RECIPE, enough):
        done += isinstance(event, Stepped)
        seen.append(event)
    assert seen[-1] == Paused(5)
    rest = list(train(stopped, RECIPE))
    assert of_kind(rest, Begun)[0].step == 5
    assert identical(learnt(stopped.out), learnt(places.out))
    assert events


def test_stopped_before_the_first_step_it_is_not_measured_again(
    places: Places, events: list[Event], tmp_path: Path
) -> None:
    """A second time would count as one without a better loss."""
    stopped, impatient = replace(places, out=tmp_path / "out"), replace(RECIPE, patience=1, steps=1)
    assert events
    seen: list[Event] = []
    for event in train(stopped, impatient, lambda: bool(of_kind(seen, Evaluated))):
        seen.append(event)
    assert seen[-1] == Paused(0)
    rest = list(train(stopped, impatient))
    assert [event.step for event in of_kind(rest, Evaluated)] == [1]
    assert of_kind(rest, Stepped)


def test_it_ends_early_where_nothing_gets_better(places: Places, events: list[Event], tmp_path: Path) -> None:
    hopeless = replace(RECIPE, learning_rate=1e-12, evaluate_every=1, patience=3, weight_decay=0.0, steps=10)
    end = list(train(replace(places, out=tmp_path / "out"), hopeless))[-1]
    assert isinstance(end, Trained)
    assert end.early
    assert end.step < 10
    assert events


def test_broken_and_missing_music_is_counted_and_listed(places: Places, tmp_path: Path) -> None:
    dataset = shutil.copytree(places.dataset, tmp_path / "dataset")
    first, second, *_ = sorted((dataset / "audio").rglob("*.mp3"))
    first.unlink()
    second.write_bytes(b"no music")
    poorer = replace(places, dataset=dataset, out=tmp_path / "out", codes=None)
    seen = list(train(poorer, replace(RECIPE, steps=1)))
    assert isinstance(seen[-1], Trained)
    assert of_kind(seen, Coded)[-1].excluded == 1
    listed = (poorer.out / "excluded.tsv").read_text()
    assert f"{first.parent.name}/{first.name}" in listed
    assert f"{second.parent.name}/{second.name}" in listed


@pytest.mark.parametrize(
    ("wrong", "recipe", "sentence"),
    [
        ({"model": Path("nowhere")}, RECIPE, "nowhere"),
        ({"dataset": Path("nowhere")}, RECIPE, "nowhere"),
        ({}, replace(RECIPE, batch=3), "multiple of 2"),
        ({}, replace(RECIPE, rank=5), "rank was 4, and is 5 now"),
        ({}, replace(RECIPE, window_s=2.0), "window s was 1.0, and is 2.0 now"),
    ],
)
def test_what_cannot_be_done_is_told_before_the_work(
    places: Places, events: list[Event], wrong: dict[str, Path], recipe: Recipe, sentence: str
) -> None:
    assert events
    told = train(replace(places, **wrong), recipe)
    with pytest.raises(UserError) as caught:
        next(told)
    assert sentence in str(caught.value)


def test_windows_longer_than_the_music_are_told(places: Places, tmp_path: Path) -> None:
    longer = replace(places, out=tmp_path / "out", codes=None)
    with pytest.raises(UserError, match="No track of the training part"):
        list(train(longer, replace(RECIPE, window_s=20.0)))


def test_two_processes_learn_as_one(places: Places, tmp_path: Path) -> None:
    """Without dropout in the model, whose random numbers differ between processes."""
    recipe = replace(RECIPE, lora_dropout=0.0, steps=4, evaluate_every=4)
    alone = list(train(replace(places, out=tmp_path / "alone"), recipe))
    # With --cpu it starts a single process; so it is told of many GPUs, and they to use the processor.
    launch = ["-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes=2", "-m", "musicmed_desktop.training"]
    options = {
        **{"model": places.model, "dataset": places.dataset, "codes": places.codes, "out": tmp_path / "out"},
        **{"window": 1.0, "most-windows": 2, "rank": 4, "batch": 4, "micro-batch": 2, "steps": 4},
        **{"learning-rate": 0.01, "evaluate-every": 4, "checkpoint-every": 2, "ema": 0.5, "lora-dropout": 0},
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, *launch, *words, "--no-sample"]
    processor = os.environ | {"ACCELERATE_USE_CPU": "true"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=processor)
    assert done.returncode == 0, done.stderr
    assert "Learning begins, on 2 x " in done.stdout
    curve = [
        float(line.split()[2].rstrip(":")) for line in done.stdout.splitlines() if line.startswith("Learning, loss")
    ]
    assert curve == pytest.approx([event.loss for event in of_kind(alone, Stepped)], abs=2e-3)
    one, two = learnt(tmp_path / "alone"), learnt(tmp_path / "out")
    for name, weight in one.items():
        torch.testing.assert_close(two[name], weight, rtol=1e-3, atol=1e-4)
