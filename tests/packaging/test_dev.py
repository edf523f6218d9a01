"""packaging/dev.py as a person calls it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from devtools import commands
from devtools.environment import Environment

DEV = Path(__file__).parents[2] / "packaging" / "dev.py"


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, DEV, *arguments], capture_output=True, text=True, check=False)


def test_without_a_command_it_tells_which_there_are() -> None:
    done = dev()
    assert done.returncode == 2
    assert all(word in done.stderr for word in ("run", "test", "setup"))


def test_help_is_no_error() -> None:
    done = dev("--help")
    assert done.returncode == 0
    assert "python3 packaging/dev.py" in done.stdout
    assert "audiocraft, bundle, musicgen, test, training" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "extras"), [(["setup"], []), (["setup", "audiocraft"], ["audiocraft"]), (["test", "-x"], ["test"])]
)
def test_each_command_sets_up_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], extras: list[str]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(Environment, "prepare", lambda _, extras: asked.append([*extras]))
    monkeypatch.setattr(commands, "run_checks", lambda _: 0)
    assert commands.dispatch(arguments) == 0
    assert asked == [extras]


@pytest.mark.parametrize(("arguments", "flavours"), [(["bundle"], ["light", "full"]), (["bundle", "full"], ["full"])])
def test_each_flavour_of_the_installers_is_made_in_an_environment_of_its_own(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], flavours: list[str]
) -> None:
    prepared: dict[str, list[str]] = {}
    called: list[list[str]] = []
    monkeypatch.setattr(Environment, "prepare", lambda self, extras: prepared.update({self.name: [*extras]}))
    monkeypatch.setattr(subprocess, "call", lambda command, **_: called.append(command[1:]))
    assert not commands.dispatch(arguments)
    extras = {"light": ["bundle"], "full": ["audiocraft", "bundle", "musicgen"]}
    assert prepared == {f"build/{flavour}/env": extras[flavour] for flavour in flavours}
    assert called == [["-m", "bundling", flavour] for flavour in flavours]


def test_a_flavour_that_fails_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def failing(command: list[str], **_: object) -> int:
        called.append(command[-1])
        return 1

    monkeypatch.setattr(Environment, "prepare", lambda *_: None)
    monkeypatch.setattr(subprocess, "call", failing)
    assert commands.dispatch(["bundle"]) == 1
    assert called == ["light"]


@pytest.mark.parametrize(
    "arguments", [["start"], ["setup", "--fast"], ["setup", "audiocraft", "more"], ["bundle", "huge"]]
)
def test_what_it_does_not_know_is_refused_before_anything_is_done(arguments: list[str]) -> None:
    done = dev(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage:")


def test_the_file_loads_in_pythons_that_are_too_old() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 4))


def test_an_old_python_is_told_what_to_do() -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 6, 'final', 0);"
        f"sys.argv = ['dev.py', 'run']; runpy.run_path({str(DEV)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs Python 3.11 or newer, and this is Python 3.9" in done.stdout
    assert "python.org" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")
def test_run_hands_everything_on_and_leads_no_python_astray(tmp_path: Path) -> None:
    stand_in = Environment(tmp_path).program("python")
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text('#!/bin/sh\necho "$@" "home=$PYTHONHOME" "path=$PYTHONPATH"\nexit 7\n')
    stand_in.chmod(0o755)
    start = (
        "import pathlib; from devtools import commands, environment;"
        f"place = environment.Environment(pathlib.Path({str(tmp_path)!r}));"
        "commands.start_app(place, ['--minutes', '2', '--from=-0.5,0.5'])"
    )
    env = os.environ | {"PYTHONPATH": str(DEV.parent)}
    done = subprocess.run([sys.executable, "-c", start], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("musicmed_desktop.app --minutes 2 --from=-0.5,0.5 home= path=")
    assert done.returncode == 7


def test_checks_run_in_order_and_pytest_gets_the_arguments() -> None:
    checks = commands.checks(Environment(Path("project")), ["-k", "plan"])
    assert list(checks) == ["ruff check", "ruff format", "mypy", "import-linter", "pytest"]
    assert checks["pytest"][-2:] == ["-k", "plan"]


def test_the_first_failing_check_ends_the_run_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    python = [sys.executable, "-c"]
    code = commands.run_checks(
        {
            "first": [*python, "print('one ran')"],
            "second": [*python, "raise SystemExit(3)"],
            "third": [*python, "print('three ran')"],
        }
    )
    output = capfd.readouterr()
    assert code == 3
    assert "one ran" in output.out
    assert "three ran" not in output.out
    assert output.err.splitlines()[-1] == "FAILED: second (exit code 3). The checks end with the first that fails."


def test_passing_checks_are_summed_up(capfd: pytest.CaptureFixture[str]) -> None:
    assert commands.run_checks({"only": [sys.executable, "-c", ""]}) == 0
    assert capfd.readouterr().err.splitlines()[-1] == "All 1 checks passed: only."
