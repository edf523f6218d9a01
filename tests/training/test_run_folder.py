from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from musicmed_desktop.disk import occupied
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.dataset.track import Excluded
from musicmed_desktop.training.recipe import Recipe
from musicmed_desktop.training.run_folder import RunFolder

REQUEST: dict[str, Any] = {"model": "musicgen-small", **Recipe().document()}


def test_the_same_request_goes_on(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "new" / "run")
    for _ in range(2):
        with occupied(run.folder, "training"):
            run.claim(REQUEST)


def test_another_request_is_told_what_differs(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.claim(REQUEST)
    with pytest.raises(UserError, match=r"learning rate was 0\.0002, and is 0\.001 now"):
        run.claim({**REQUEST, "learning_rate": 0.001})


def test_what_turns_out_later_is_written_down_too(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.claim(REQUEST)
    run.claim({"examples": "1a2b"})
    run.claim(REQUEST)
    with pytest.raises(UserError, match="examples was 1a2b, and is 3c4d now"):
        run.claim({"examples": "3c4d"})


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(UserError, match=r"such as letters\.txt"):
        RunFolder(tmp_path).claim(REQUEST)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_a_damaged_request_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "training.json").write_bytes(content)
    with pytest.raises(UserError):
        RunFolder(tmp_path).claim(REQUEST)


def test_what_could_not_be_used_is_listed(tmp_path: Path) -> None:
    RunFolder(tmp_path).list_excluded([Excluded("track_1", "48/1.mp3", "is missing")])
    assert (tmp_path / "excluded.tsv").read_text().splitlines() == [
        "TRACK_ID\tPATH\tREASON",
        "track_1\t48/1.mp3\tis missing",
    ]


def test_only_the_best_adapter_stays(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    for step in (0, 200, 400):
        run.best(step).mkdir(parents=True)
    run.keep_only(run.best(200))
    assert [path.name for path in run.best(200).parent.iterdir()] == ["step-0000200"]


def test_a_file_beside_the_best_adapter_is_left_alone(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.best(0).mkdir(parents=True)
    (run.best(0).parent / ".DS_Store").write_bytes(b"a desktop's")
    run.keep_only(run.best(0))
    assert {path.name for path in run.best(0).parent.iterdir()} == {".DS_Store", "step-0000000"}


@pytest.mark.parametrize(("processes", "expected"), [(1, 8), (2, 4), (8, 1)])
def test_a_batch_is_shared_evenly(processes: int, expected: int) -> None:
    assert Recipe(batch=16, micro_batch=2).micro_batches(processes) == expected


@pytest.mark.parametrize("processes", [3, 5, 16])
def test_a_batch_that_cannot_be_shared_is_refused(processes: int) -> None:
    with pytest.raises(UserError, match=f"multiple of {2 * processes}"):
        Recipe(batch=16, micro_batch=2).micro_batches(processes)
