"""Programs that are killed, disks that become full, calls that fail: in small. In full: python -m tests.faults."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.faults import killed, oracle
from tests.faults.checks import Ground, check_completed, check_reopened, sole_id
from tests.faults.refused import FAULTS, Trial, numbers_of
from tests.faults.refusing import Call, UnavailableError, build
from tests.faults.rounds import BY_CHANCE, by_chance, refusals
from tests.faults.scenarios import SCENARIOS
from tests.faults.settling import unsafe_words
from tests.faults.zygote import Ended, Zygote

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the programs are forked, and mount disks")

_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    folder = tmp_path_factory.mktemp("zygote")
    try:
        refusing = build(folder)
    except UnavailableError:
        refusing = None
    with Zygote(folder, refusing) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def ground(zygote: Zygote) -> Iterator[Ground]:
    """In memory where that can be: there a library that is killed looks as on a disk, and settles in no time."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Ground.prepare(zygote, Path(name).resolve(), minutes=1.0)


@pytest.fixture(scope="module", params=list(SCENARIOS))
def trial(ground: Ground, request: pytest.FixtureRequest) -> Trial:
    if not ground.zygote.can_refuse:
        pytest.skip("a disk that refuses needs a C compiler")
    return Trial.prepare(ground, request.param)


@pytest.fixture(scope="module")
def killed_one(ground: Ground) -> tuple[Path, Ended]:
    """A library, and how its program ended: killed once a clip was announced."""
    folder = ground.folder / "interrupted"
    child = ground.zygote.start("record", str(folder), ground.minutes)
    child.kill_once_told("clip")
    return folder, child.ended()


@pytest.fixture
def interrupted(killed_one: tuple[Path, Ended], tmp_path: Path) -> tuple[Path, Ended]:
    """A copy to be changed."""
    return shutil.copytree(killed_one[0], tmp_path / "library"), killed_one[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_session_that_was_killed_has_all_clips_and_is_resumed(ground: Ground, seed: int) -> None:
    assert "killed after" in killed.killed(ground, Random(seed))


def test_a_session_whose_disk_became_full_has_all_clips_and_is_resumed(ground: Ground) -> None:
    assert "The disk is full" in killed.full(ground, Random(1))


def test_nothing_is_lost_where_two_programs_write_and_are_killed(ground: Ground) -> None:
    assert "titles" in killed.two(ground, Random(2))


def test_two_programs_may_make_the_library_at_the_same_time(ground: Ground) -> None:
    assert killed.first(ground, Random(3)) == "both are kept"


def test_what_is_announced_is_safe_from_power_cuts(trial: Trial) -> None:
    assert "safe" in trial.check_undisturbed()


def test_no_call_that_fails_or_is_the_last_does_harm(trial: Trial) -> None:
    faults = cycle(fault for fault in FAULTS if not fault.lasting)
    numbers = numbers_of(trial.calls, most=2)
    assert len(numbers) == 2
    for number, fault in zip(numbers, faults, strict=False):
        assert trial.check_fault(number, fault) != "no such call"


def test_a_lost_clip_is_noticed(interrupted: tuple[Path, Ended]) -> None:
    folder, ended = interrupted
    check_reopened(folder, ended)
    next(folder.rglob("clips/000.flac")).unlink()
    with pytest.raises(AssertionError, match="verify found"):
        check_reopened(folder, ended)


def test_a_clip_that_was_announced_and_never_entered_is_noticed(interrupted: tuple[Path, Ended]) -> None:
    folder, ended = interrupted
    more = Ended(ended.status, (*ended.said, {"clip": [7, 240000, "0" * 64]}), "")
    with pytest.raises(AssertionError, match=r"lost the clips \[7\]"):
        check_reopened(folder, more)


def test_other_music_and_what_is_left_behind_are_noticed(ground: Ground, interrupted: tuple[Path, Ended]) -> None:
    folder, ended = interrupted
    other = Ground(ground.zygote, ground.folder, ground.minutes, -ground.sound, ground.seconds, ground.bytes)
    with pytest.raises(AssertionError, match="not what was played"):
        check_completed(other, folder, ended)
    (oracle.folder_of(folder, sole_id(folder)) / "x.part").write_bytes(b"")
    assert [path.rpartition("/")[2] for path in oracle.left_behind(folder)] == ["x.part"]


@pytest.mark.parametrize(
    ("calls", "unsettled"),
    [
        ("open /a;write /a;said", "/a"),
        ("open /a;write /a;fsync /a;said", "/a"),  # its name is not on the disk
        ("open /a;write /a;fsync /a;fsync ;said", None),
        ("open /a;write /a;fsync /a;rename /b /a;said", "/b"),
        ("open /a;write /a;rename /b /a;fsync ;said", "/b"),  # its content is not
        ("open /a;write /a;fsync /a;rename /b /a;fsync ;said", None),
        ("mkdir /d;open /d/a;write /d/a;fsync /d/a;fsync /d;said", "/d"),
        ("open /old;write /old;fdatasync /old;said", None),
        ("open /a;unlink /a;said", None),
    ],
)
def test_what_a_power_cut_takes_is_noticed(calls: str, unsettled: str | None) -> None:
    ended = Ended(0, ({"kept": "x"},), "")
    made = [Call(False, *f"{call}  ".split(" ")[:3]) for call in calls.split(";")]
    unsafe = list(unsafe_words(ended, made, existing=["", "/old"]))
    assert [f"'{unsettled}'" in words for words in unsafe] == ([True] if unsettled else [])


@pytest.mark.slow
@pytest.mark.parametrize("kind", BY_CHANCE)
def test_two_hundred_rounds(zygote: Zygote, tmp_path: Path, kind: str) -> None:
    results = [each.run() for each in by_chance(zygote, tmp_path.resolve(), kind, count=200, seed=0)]
    assert len(results) == 200
    assert not [result.text for result in results if not result.right]


@pytest.mark.slow
def test_each_call_that_fails(zygote: Zygote, tmp_path: Path) -> None:
    wrong = [
        result.text for each in refusals(zygote, tmp_path.resolve(), count=200) if not (result := each.run()).right
    ]
    assert not wrong
