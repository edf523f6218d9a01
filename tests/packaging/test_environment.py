"""The life of .venv, with real virtual environments (empty ones where that is enough)."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from devtools.console import SetupError
from devtools.environment import Environment, clean_environ

# A build backend of its own, so that pip needs nothing from the network.
_BACKEND = """
import pathlib, zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as wheel:
        wheel.writestr("tiny.py", "answer = 42")
        info = "tiny-1.0.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""
_PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
"""
VERSION = platform.python_version()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text(_PYPROJECT)
    (root / "backend.py").write_text(_BACKEND)
    return root


@pytest.fixture
def hollow(project: Path) -> Environment:
    """An environment that starts; its pip is a name only."""
    environment = Environment(project)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment.path], check=True)
    site = sysconfig.get_path("purelib", vars={"base": str(environment.path)})
    (Path(site) / "pip").mkdir()
    (Path(site) / "pip" / "__init__.py").touch()
    return environment


def test_a_missing_environment_has_no_version(project: Path) -> None:
    assert Environment(project).python_version() is None


def test_a_sound_environment_tells_its_version(hollow: Environment) -> None:
    assert hollow.python_version() == VERSION


def test_an_environment_whose_python_is_gone_is_broken(hollow: Environment) -> None:
    hollow.program("python").unlink()
    assert hollow.python_version() is None


def test_an_environment_without_pip_is_broken(project: Path) -> None:
    environment = Environment(project)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment.path], check=True)
    assert environment.python_version() is None


def test_a_moved_environment_is_noticed(hollow: Environment) -> None:
    hollow.write_stamp([], VERSION)
    assert hollow.python_version() == VERSION
    moved = hollow.root.rename(hollow.root.with_name("elsewhere"))
    assert Environment(moved).python_version() is None


def test_the_stamp_stands_for_project_file_python_and_extras(hollow: Environment) -> None:
    assert hollow.installed_extras(VERSION) is None
    hollow.write_stamp(["test"], VERSION)
    assert hollow.installed_extras(VERSION) == frozenset({"test"})
    assert hollow.installed_extras("3.99.0") is None
    with (hollow.root / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert hollow.installed_extras(VERSION) is None


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"extras": 3}'])
def test_a_damaged_stamp_counts_as_none(hollow: Environment, damage: str) -> None:
    hollow.stamp.write_text(damage)
    assert hollow.python_version() == VERSION
    assert hollow.installed_extras(VERSION) is None


def test_an_up_to_date_environment_is_left_alone_at_once(hollow: Environment) -> None:
    hollow.write_stamp(["test"], VERSION)
    before = hollow.stamp.stat().st_mtime_ns
    start = time.perf_counter()
    hollow.prepare()
    hollow.prepare(["test"])
    assert time.perf_counter() - start < 2.0
    assert hollow.stamp.stat().st_mtime_ns == before


def test_a_broken_environment_is_remade_and_filled(hollow: Environment, capfd: pytest.CaptureFixture[str]) -> None:
    hollow.program("python").unlink()
    hollow.prepare()
    said = capfd.readouterr().err
    assert "making it anew" in said
    assert said.splitlines()[-1] == "Ready."
    found = subprocess.run([hollow.program("python"), "-c", "import tiny; print(tiny.answer)"], stdout=-1)
    assert found.stdout.strip() == b"42"
    assert hollow.installed_extras(VERSION) == frozenset()


def test_what_asks_for_other_versions_is_installed_without_its_dependencies(project: Path) -> None:
    greedy = project / "greedy"
    shutil.copytree(project, greedy, ignore=shutil.ignore_patterns("greedy"))
    backend = (project / "backend.py").read_text().replace("tiny", "greedy").replace("editable", "wheel")
    wants = "Version: 1.0\\nRequires-Dist: nothing-of-this-name==99\\n"
    (greedy / "backend.py").write_text(backend.replace("Version: 1.0\\n", wants))
    with (project / "pyproject.toml").open("a") as file:
        listed = f'greedy = ["greedy @ {greedy.as_uri()}"]'
        file.write(f"[project.optional-dependencies]\ngreedy = []\n[tool.musicmed.without-dependencies]\n{listed}\n")
    environment = Environment(project)
    assert environment.known_extras == {"greedy"}
    environment.prepare(["greedy"])
    asks = "import greedy, tiny; from importlib.metadata import requires; print(greedy.answer, *requires('greedy'))"
    found = subprocess.run([environment.program("python"), "-c", asks], stdout=subprocess.PIPE)
    assert found.stdout.strip() == b"42 nothing-of-this-name==99"


def test_a_failed_installation_leaves_no_stamp_and_shows_why(hollow: Environment) -> None:
    hollow.write_stamp([], VERSION)
    pip = Path(sysconfig.get_path("purelib", vars={"base": str(hollow.path)})) / "pip"
    (pip / "__main__.py").write_text("raise SystemExit('no room on the disk')")
    with pytest.raises(SetupError, match=r"(?s)no room on the disk.*start the same command again"):
        hollow.prepare(["test"])
    assert not hollow.stamp.exists()


def test_variables_that_lead_python_astray_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    environ = clean_environ()
    assert "PYTHONHOME" not in environ
    assert "PYTHONPATH" not in environ
    assert environ["PIP_FIND_LINKS"] == "/wheels"


def test_a_link_in_the_place_of_the_environment_is_replaced_and_its_goal_kept(project: Path, tmp_path: Path) -> None:
    goal = tmp_path / "goal"
    goal.mkdir()
    (goal / "kept").touch()
    environment = Environment(project)
    try:
        environment.path.symlink_to(goal, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    environment._remove()
    assert not environment.path.exists()
    assert (goal / "kept").exists()
    shutil.rmtree(goal)
