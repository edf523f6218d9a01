"""Sessions from the command line that a model makes: real models, with a few random weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import soundfile
from jsonschema import Draft202012Validator

from musicmed_desktop.engines.musicgen import engine
from musicmed_desktop.session.record import json_schema
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.places import NARROW, ROOMY, Steps, single_thread

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

WALK = ("compose", "--from", "sad", "--to", "hopeful", "--seed", "7")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "tiny")


def record_in(folder: Path, seconds: float, rate: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    Draft202012Validator(json_schema()).validate(document)
    info = soundfile.info(folder / "session.flac")
    assert (info.duration, info.samplerate) == (pytest.approx(seconds, abs=0.1), rate)
    assert info.channels == document["audio"]["channels"]
    return document


def test_a_minute_with_musicgen(musicmed: Musicmed, tiny: Path, tmp_path: Path) -> None:
    made = ("--minutes", "1", "--engine", "musicgen", "--model", str(tiny), "--out", str(tmp_path / "walk"))
    ran = musicmed(*WALK, *made)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Composing 1:00 minutes, seed 7. MusicGen makes the music on")
    assert ran.out.count("1 try") == 2
    record = record_in(tmp_path / "walk", 60, 32_000)
    assert record["engine"]["name"] == "musicgen"
    assert "tiny" in record["engine"]["version"]
    assert record["audio"]["channels"] == 1
    assert {path.name for path in (tmp_path / "walk").iterdir()} == {"session.flac", "session.json", "trajectory.svg"}


def test_where_memory_ends_it_says_so_and_keeps_what_is_finished(
    musicmed: Musicmed, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Steps(monkeypatch, room=1654 + 100)
    monkeypatch.setattr(engine, "placements", lambda: (NARROW,))
    ran = musicmed(
        *(*WALK, "--minutes", "1", "--engine", "musicgen", "--model", str(tiny), "--out", str(tmp_path / "walk"))
    )
    assert ran.code == 2
    assert ran.err.startswith("There is not enough memory for MusicGen. Close other programs")
    assert "is kept as a shorter session in" in ran.err
    assert ran.err.count("\n") == 1
    assert json.loads((tmp_path / "walk" / "session.json").read_text())["shortened"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "rate"), [("builtin", 44_100), ("musicgen", 32_000), ("audiocraft", 32_000)])
def test_three_minutes_on_every_engine(musicmed: Musicmed, tiny: Path, tmp_path: Path, name: str, rate: int) -> None:
    model = () if name == "builtin" else ("--model", str(model_for(name, tiny, tmp_path)))
    ran = musicmed(*WALK, "--minutes", "3", "--engine", name, *model, "--out", str(tmp_path / "walk"))
    assert (ran.code, ran.err) == (0, "")
    assert record_in(tmp_path / "walk", 180, rate)["engine"]["name"] == name


@pytest.mark.slow
def test_three_minutes_that_move_to_another_place(
    musicmed: Musicmed, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Steps(monkeypatch, room=4000)
    monkeypatch.setattr(engine, "placements", lambda: (NARROW, ROOMY))
    ran = musicmed(
        *(*WALK, "--minutes", "3", "--engine", "musicgen", "--model", str(tiny), "--out", str(tmp_path / "walk"))
    )
    assert ran.code == 0
    assert ran.out.count(NARROW.reason) == 1
    assert ran.out.count(ROOMY.reason) == 1
    assert ", then " in record_in(tmp_path / "walk", 180, 32_000)["engine"]["version"]


def model_for(name: str, tiny: Path, place: Path) -> Path:
    if name != "audiocraft":
        return tiny
    if find_spec("audiocraft") is None:
        pytest.skip("AudioCraft is not installed")
    from tests.fakes.audiocraft import save_audiocraft

    return save_audiocraft(place / "crafted")
