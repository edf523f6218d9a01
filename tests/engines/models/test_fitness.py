from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from musicmed_desktop.engines import opening
from musicmed_desktop.engines.models import computer
from musicmed_desktop.engines.models.catalogue import Entry, catalogue, find_entry
from musicmed_desktop.engines.models.computer import Computer
from musicmed_desktop.engines.models.fitness import Fit, fits
from musicmed_desktop.engines.models.progress import CancelledError
from musicmed_desktop.engines.musicgen import placement
from musicmed_desktop.engines.musicgen.pace import keep, remember
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.shapes import DecoderShape
from musicmed_desktop.paths import HOME, models_folder
from tests.fakes.places import ROOMY, single_thread

SMALL, MEDIUM, LARGE, CLAP = (replace(entry, memory=rank) for rank, entry in enumerate(catalogue(), start=1))
TINY = DecoderShape(hidden=64, layers=3, heads=4, ffn=128, text_hidden=48)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer with room for all, of which nothing is known yet, and that plays tiny models instead."""
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    monkeypatch.setattr(computer, "SHAPES", dict.fromkeys(computer.SHAPES, TINY))
    monkeypatch.setattr(placement, "placements", lambda: (ROOMY,))
    with_disk(monkeypatch, 10**12)
    yield from single_thread()


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def with_disk(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(2 * 10**12, 0, free))


def known(**paces: float) -> None:
    """As after measuring, of the entries musicgen-NAME."""
    for name, pace in paces.items():
        keep(f"musicgen-{name} with random weights", pace)


def names(found: tuple[Fit, ...]) -> list[str]:
    return [fit.entry.name.removeprefix("musicgen-") for fit in found]


def test_it_is_measured_once_and_then_remembered() -> None:
    told: list[Entry] = []
    (fit,) = fits([SMALL], told.append)
    assert told == [SMALL]
    assert fit.fits
    assert fit.pace is not None
    assert f"{fit.pace:.1f} seconds for a second of music, measured here." in fit.sentence or fit.pace < 0.1
    assert fits([SMALL], told.append) == (fit,)
    assert told == [SMALL]


@pytest.mark.parametrize(
    ("paces", "order"),
    [
        ({"small": 0.05, "medium": 0.2, "large": 0.5}, ["large", "medium", "small"]),
        ({"small": 0.2, "medium": 0.7, "large": 3.0}, ["medium", "small", "large"]),
        ({"small": 0.81, "medium": 4.0, "large": 8.0}, ["small", "medium", "large"]),
    ],
)
def test_the_largest_that_keeps_up_is_first_or_else_the_smallest(paces: dict[str, float], order: list[str]) -> None:
    known(**paces)
    found = fits([LARGE, CLAP, SMALL, MEDIUM])
    assert names(found) == [*order, "clap-htsat-fused"]
    assert found[0].keeps_up == (found[0].entry is not SMALL)
    assert all(fit.fits for fit in found)


def test_where_one_is_too_slow_the_larger_ones_are_not_measured() -> None:
    known(small=1.1)
    small, medium, large = fits([SMALL, MEDIUM, LARGE], lambda entry: pytest.fail(entry.name))
    assert small.pace == 1.1
    assert (medium.pace, large.pace) == (None, None)
    assert medium.sentence == "MusicGen medium is slower here than MusicGen small, which does not keep up."


@pytest.mark.parametrize(
    ("pace", "sentence"),
    [
        (0.04, "This computer can play MusicGen small while it is being made: less than 0.1 seconds for a second of"),
        (0.8, "This computer can play MusicGen small while it is being made: 0.8 seconds for a second of music, mea"),
        (1.1, "about as fast as real time: 1.1 seconds for a second of music, measured here. To listen at once, the"),
        (3.2, "MusicGen small is too slow for this computer: 3.2 seconds for a second of music, measured here. The "),
    ],
)
def test_a_listener_is_told_how_fast_it_is(pace: float, sentence: str) -> None:
    known(small=pace)
    assert sentence in fits([SMALL])[0].sentence


def test_what_was_measured_with_the_model_itself_counts() -> None:
    folder = models_folder() / SMALL.name
    folder.mkdir(parents=True)
    known(small=3.0)
    remember(folder, 0.5)
    assert fits([SMALL])[0].pace == 0.5


def test_what_the_memory_cannot_hold_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    known(small=0.2, medium=0.3)
    monkeypatch.setattr(placement, "free_memory", lambda _: 3_000_000_000)
    small, clap, medium = fits([replace(SMALL, memory=2_200_000_000), replace(MEDIUM, memory=5_600_000_000), CLAP])
    assert (small.entry.name, small.fits, clap.entry.name) == (SMALL.name, True, CLAP.name)
    assert (medium.fits, medium.keeps_up) == (False, False)
    assert medium.sentence == "MusicGen medium needs 5.6 GB of memory; 3.0 GB are free."


def test_what_the_graphics_processor_cannot_hold_the_computer_may(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[tuple[Placement, ...]] = []
    narrow = Placement("cuda", "bfloat16", "There.")

    def noted(_: DecoderShape, places: tuple[Placement, ...], __: object) -> float:
        used.append(places)
        return 0.5

    monkeypatch.setattr(placement, "placements", lambda: (narrow, ROOMY))
    monkeypatch.setattr(placement, "free_memory", lambda device: {"cuda": 1, "cpu": 10}[device])
    monkeypatch.setattr("musicmed_desktop.engines.musicgen.estimate.estimated_pace", noted)
    fits([replace(SMALL, memory=2)])
    assert used == [(ROOMY,)]


@pytest.mark.parametrize("entry", [SMALL, CLAP], ids=["a model", "another"])
def test_what_the_disk_cannot_hold_is_told_unless_it_is_there(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    known(small=0.2)
    with_disk(monkeypatch, 500_000_000)
    (fit,) = fits([entry])
    assert not fit.fits
    assert fit.sentence.endswith("B on the disk; 500 MB are free.")
    (models_folder() / entry.name).mkdir(parents=True)
    assert fits([entry])[0].fits


def test_without_musicgen_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    small, clap = sorted(fits([SMALL, CLAP]), key=lambda fit: fit.entry.memory)
    assert not small.fits
    assert small.sentence == "Music models need MusicGen. Start python3 packaging/dev.py setup musicgen."
    assert clap.fits


def test_where_memory_runs_out_on_the_way_it_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("musicmed_desktop.engines.musicgen.writer.open_decoder", full)
    (fit,) = fits([SMALL])
    assert (fit.fits, fit.sentence) == (False, "There is not enough memory for MusicGen.")


def test_it_is_cancelled_and_nothing_is_remembered_of_it() -> None:
    asked = iter([False] * 5)
    with pytest.raises(CancelledError):
        fits([SMALL], cancelled=lambda: next(asked, True))
    assert Computer(models_folder()).known_pace(SMALL) is None


def test_looking_at_it_loads_no_torch() -> None:
    program = "import sys; import musicmed_desktop.engines.models.fitness; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_model_of_the_catalogue_can_be_measured() -> None:
    assert set(computer.SHAPES) == {entry.name for entry in catalogue() if entry.kind == "model"}
    assert find_entry("musicgen-small").memory > 10**9
