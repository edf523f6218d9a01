from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import torch

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.checkpoints import Progress, State, newest, save


def state(step: int) -> State:
    weights = {"a": torch.full((3,), float(step))}
    moments = {"state": {0: {"step": torch.tensor(2.0), "exp_avg": torch.ones(3)}}, "param_groups": [{"lr": 0.1}]}
    return State(Progress(step, 9.0, 8.5, step, 1), weights, weights, moments, {"last_epoch": step})


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    save(state(7), tmp_path / "new")
    found = newest(tmp_path / "new")
    assert found is not None
    assert found.progress == state(7).progress
    assert torch.equal(found.weights["a"], state(7).weights["a"])
    assert found.schedule == {"last_epoch": 7}
    assert found.optimizer["param_groups"] == [{"lr": 0.1}]


def test_a_fresh_training_has_none(tmp_path: Path) -> None:
    assert newest(tmp_path) is None
    assert newest(tmp_path / "missing") is None


def test_the_newest_two_are_kept(tmp_path: Path) -> None:
    for step in (50, 100, 1_000, 10_000):
        save(state(step), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-0001000.pt", "step-0010000.pt"]


@pytest.mark.parametrize("harm", [lambda content: content[: len(content) // 2], lambda _: b"", lambda _: b"PK\3\4junk"])
def test_a_damaged_one_is_passed_over(tmp_path: Path, harm: object) -> None:
    save(state(50), tmp_path)
    save(state(100), tmp_path)
    damaged = tmp_path / "step-0000100.pt"
    assert callable(harm)
    damaged.write_bytes(harm(damaged.read_bytes()))
    found = newest(tmp_path)
    assert found is not None
    assert found.progress.step == 50


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    save(state(50), tmp_path)
    (file,) = tmp_path.iterdir()
    whole, chance = file.read_bytes(), Random(0)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        assert newest(tmp_path) is None


def test_where_all_are_damaged_it_begins_anew_and_keeps_what_it_saves(tmp_path: Path) -> None:
    for step in (50, 100):
        save(state(step), tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes() + b"x")
    assert newest(tmp_path) is None
    save(state(2), tmp_path)
    found = newest(tmp_path)
    assert found is not None
    assert found.progress.step == 2
    assert {path.suffix for path in tmp_path.iterdir()} == {".pt", ".damaged"}


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".step-0000200.pt.x.part").write_bytes(b"left by a killed training")
    for step in (1, 2, 3):
        save(state(step), tmp_path)
    assert (tmp_path / "notes.txt").exists()
    found = newest(tmp_path)
    assert found is not None
    assert found.progress.step == 3


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError):
        save(state(1), tmp_path / "file")
