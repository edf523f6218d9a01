"""The wheel holds everything: built, installed away from the checkout, and used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Program = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "--outdir", folder, ROOT], check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed; what it depends on is the running Python's."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--target", folder, wheel], check=True, capture_output=True)
    return folder


@pytest.fixture
def musicmed(site: Path, tmp_path: Path) -> Program:
    """The installed terminal program, started in an empty folder."""

    def start(*arguments: str) -> str:
        env = os.environ | {"PYTHONPATH": str(site)}
        program = site / "bin" / "musicmed"
        done = subprocess.run([program, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return start


def test_every_resource_is_inside_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    resources = {path.relative_to(ROOT) for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert resources
    assert {f"musicmed_desktop/{path.as_posix()}" for path in resources} <= inside
    assert {name.split("/")[0].partition("-")[0] for name in inside} == {"musicmed_desktop"}
    assert any(name.endswith("licenses/LICENSE") for name in inside)


def test_resources_are_read_from_the_wheel(site: Path, tmp_path: Path) -> None:
    asks = "from musicmed_desktop.paths import resource; print(resource('moods.tsv'))"
    env = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-c", asks], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert Path(done.stdout.strip()) == site / "musicmed_desktop" / "resources" / "moods.tsv"


def test_moods_and_plan_work_from_the_wheel(musicmed: Program) -> None:
    assert "anxious" in musicmed("moods")
    planned = json.loads(musicmed("plan", "--from", "anxious", "--to", "calm", "--seed", "7", "--json"))
    assert len(planned["steps"]) >= 4


def test_a_minute_of_music_is_composed_from_the_wheel(musicmed: Program, tmp_path: Path) -> None:
    musicmed("compose", "--from", "sad", "--to", "hopeful", "--minutes", "1", "--seed", "7", "--out", "session")
    record = json.loads((tmp_path / "session" / "session.json").read_text(encoding="utf-8"))
    assert record["audio"]["duration_s"] == pytest.approx(60.0, abs=0.1)
    assert {path.name for path in (tmp_path / "session").iterdir()} == {
        "session.flac",
        "session.json",
        "session.mid",
        "trajectory.svg",
    }
