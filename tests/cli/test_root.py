from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

from musicmed_desktop import __version__
from musicmed_desktop.cli import main
from musicmed_desktop.cli.outcome import outcome
from musicmed_desktop.cli.root import musicmed as root

MUSICMED = [sys.executable, "-m", "musicmed_desktop.cli"]


def test_help_names_every_command(musicmed: Musicmed) -> None:
    ran = musicmed("--help")
    assert ran.code == 0
    assert all(name in ran.out for name in ("compose", "plan", "moods", "recognize", "doctor", "schema"))
    assert "..." not in ran.out.partition("Commands:")[2], "a command's summary is cut off"


@pytest.mark.parametrize("command", sorted(root.commands))
def test_every_option_of_every_command_has_help(command: str) -> None:
    options = [p for p in root.commands[command].params if isinstance(p, click.Option)]
    assert all(option.help for option in options)


def test_version(musicmed: Musicmed) -> None:
    assert musicmed("--version").out.strip() == f"MusicMed Desktop {__version__}"


def test_an_unknown_command_names_the_nearest(musicmed: Musicmed) -> None:
    ran = musicmed("compse")
    assert ran.code == 2
    assert ran.err == "No such command 'compse'. Did you mean 'compose'? " + (
        'Type "musicmed --help" to see what it takes.\n'
    )


def test_help_appears_at_once() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        subprocess.run([*MUSICMED, "--help"], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.5


def test_a_closed_pipe_is_no_fault() -> None:
    with subprocess.Popen([*MUSICMED, "moods"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_an_old_code_page_cannot_make_it_fail() -> None:
    env = os.environ | {"PYTHONIOENCODING": "cp1252"}
    command = [*MUSICMED, "moods", "日本"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith('"??" is not a mood')


def test_a_bug_surfaces_with_a_word_before_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def buggy() -> int:
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        outcome(buggy)
    assert "Please report it" in capsys.readouterr().err


@pytest.mark.parametrize("document", ["prescription", "session"])
def test_schemas_are_printed_as_they_are_published(musicmed: Musicmed, document: str) -> None:
    from jsonschema import Draft202012Validator

    printed = json.loads(musicmed("schema", document).out)
    Draft202012Validator.check_schema(printed)
    published = Path(__file__).parents[2] / "resources" / "schemas" / f"{document}.schema.json"
    assert printed == json.loads(published.read_text(encoding="utf-8"))


def test_an_unknown_schema_is_refused(musicmed: Musicmed) -> None:
    ran = musicmed("schema", "album")
    assert ran.code == 2
    assert "'prescription'" in ran.err


def test_stopping_a_short_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(root.commands["moods"], "callback", interrupted)
    assert main(["moods"]) == 130
    assert capsys.readouterr().err.split() == ["Stopped."]


def test_ctrl_c_while_it_loads_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    def loading() -> int:
        raise KeyboardInterrupt

    assert outcome(loading) == 130
    assert capsys.readouterr().err == "Stopped.\n"
