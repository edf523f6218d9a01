"""The main job as a person starts it: real music, real signals, real disks."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import soundfile
from jsonschema import Draft202012Validator

from musicmed_desktop.audio.files import Format
from musicmed_desktop.cli.compose import FORMATS
from musicmed_desktop.library import Library
from musicmed_desktop.session.record import json_schema

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

MUSICMED = (sys.executable, "-m", "musicmed_desktop.cli")
WALK = ("compose", "--from", "sad", "--to", "hopeful", "--tries", "1")
FILES = {"session.json", "session.mid", "trajectory.svg"}
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals or mounts")


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MUSICMED, *WALK, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def record_in(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    Draft202012Validator(json_schema()).validate(document)
    return document


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A minute of music, made for a program."""
    place = tmp_path_factory.mktemp("json")
    return place, run("--minutes", "1", "--seed", "7", "--json", "--out", "walk", cwd=place)


def test_the_folder_gets_music_record_notes_and_drawing(
    told: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    place, done = told
    assert done.returncode == 0, done.stderr
    assert names(place) == {"walk"}
    assert names(place / "walk") == FILES | {"session.flac"}
    record = record_in(place / "walk")
    assert record["seed"] == 7
    assert not record["shortened"]
    assert soundfile.info(place / "walk" / "session.flac").duration == pytest.approx(60.0, abs=0.1)


def test_json_alone_is_on_stdout_and_progress_on_stderr(
    told: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    place, done = told
    printed = json.loads(done.stdout)
    assert printed.pop("dir") == str(place / "walk")
    assert printed == record_in(place / "walk")
    assert done.stderr.startswith("Composing 1:00 minutes, seed 7. The built-in composer makes the music.")
    assert re.search(r"2/2 +\d:\d\d +\w+ +[+-]", done.stderr)
    assert "Done: 1:00 minutes" in done.stderr


def test_in_a_pipe_there_are_plain_lines(tmp_path: Path) -> None:
    done = run("--minutes", "1", "--format", "ogg", "--out", "deep/down", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    first, *steps, last = done.stdout.splitlines()
    assert re.fullmatch(
        r"Composing 1:00 minutes, seed \d+\. The built-in composer makes the music\. No music model is installed\.",
        first,
    )
    assert [line.split()[0] for line in steps] == ["1/2", "2/2"]
    assert str(Path("deep/down/session.ogg")) in last
    assert names(tmp_path / "deep" / "down") == FILES | {"session.ogg"}


def test_every_format_of_the_writer_is_offered() -> None:
    assert set(FORMATS) == set(get_args(Format))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--out", "taken"], r"taken already exists\. .*--force"),
        (["--out", "file"], r"file is a file, not a folder\. Choose another name"),
        (["--out", "file/below"], r"There is no folder|is a file"),
        (["--out", "new", "--soundfont", "missing.sf2"], r"missing\.sf2 cannot be read"),
        (["--out", "new", "--soundfont", "file"], r"file is not a SoundFont"),
        (["--out", "new", "--engine", "orchestra"], r"no engine named orchestra\. Choose auto, builtin,"),
        (
            ["--out", "new", "--engine", "builtin", "--model", "taken"],
            r"no MusicGen model in taken\. Choose the folder",
        ),
        (["--out", "new", "--model", "missing"], r"no MusicGen model in missing\. Choose the folder"),
        (["--out", "new", "--adapter", "taken"], r"no adapter in taken\. Choose the folder"),
        (["--out", "new", "--strength", "0.5"], r"no adapter to use .* Add --adapter"),
        (["--out", "new", "--strength", "1.5"], r"--strength.*--help"),
        (["--out", "new", "--format", "aac"], r"'aac' is not one of 'flac'.*--help"),
        (["--out", "new", "--tries", "0"], r"--tries.*--help"),
        (["--out", "new", "--minutes", "0"], r"from 1 to 60"),
        (["--out", "new", "--from", "sadd"], r'"sadd" is not a mood.*sad'),
        (["--format", "mp3"], r"--format and --force are for a folder.*--out"),
        (["--force"], r"--format and --force are for a folder.*--out"),
    ],
)
def test_refusals_are_one_line_and_leave_nothing(
    musicmed: Musicmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "diary.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    monkeypatch.chdir(tmp_path)
    ran = musicmed(*WALK, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert re.search(sentence, ran.err)
    assert ran.err.count("\n") == 1
    assert names(tmp_path) == {"taken", "file"}
    assert names(tmp_path / "taken") == {"diary.txt"}


def stopped_in(place: Path) -> tuple[float, int, str]:
    """Ctrl-C after two steps of fifteen minutes: seconds until the end, exit code, and what was said."""
    command = [*MUSICMED, *WALK, "--minutes", "15", "--out", "walk"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if "2/30" in line)
        process.send_signal(signal.SIGINT)
        start = time.perf_counter()
        _, said = process.communicate(timeout=20)
    return time.perf_counter() - start, process.returncode, said


@posix
def test_ctrl_c_keeps_what_is_finished_within_a_second(tmp_path: Path) -> None:
    seconds, code, said = stopped_in(tmp_path)
    assert code == 130
    assert re.fullmatch(r"Stopped\. What was finished, \d:\d\d minutes, is kept .* in walk\.\n", said)
    record = record_in(tmp_path / "walk")
    assert record["shortened"]
    assert names(tmp_path) == {"walk"}
    assert names(tmp_path / "walk") == FILES | {"session.flac"}
    length = soundfile.info(tmp_path / "walk" / "session.flac").duration
    assert 55 < length < 600
    assert record["audio"]["duration_s"] == pytest.approx(length, abs=0.001)
    if seconds > 1.0:  # a machine that is busy otherwise gets a second chance
        shutil.rmtree(tmp_path / "walk")
        seconds, *_ = stopped_in(tmp_path)
    assert seconds < 1.0


@posix
def test_stopped_at_once_it_leaves_nothing(tmp_path: Path) -> None:
    command = [*MUSICMED, *WALK, "--minutes", "15", "--out", "walk"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Composing")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "Stopped before the first step was finished; nothing is kept.\n"
    assert names(tmp_path) == set()


def mounted(options: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run with a disk of its own at `folder`, in a mount namespace that ends with the command."""
    if not shutil.which("unshare"):
        pytest.skip("needs unshare")
    mount = 'mount -t tmpfs -o "$0" tmpfs "$1" && shift && "$@"; code=$?; ls -A "$PWD"; exit $code'
    command = ["unshare", "-m", "-r", "sh", "-c", mount, options, str(folder), *MUSICMED, *WALK, *arguments]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, check=False)
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mounts here: {done.stderr.strip()}")
    return done


@posix
def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = mounted("size=1m", disk, "--minutes", "1", "--out", "disk/walk")
    assert done.returncode == 2
    assert re.match(r"The disk is full\. Free some space", done.stderr)
    assert done.stderr.count("\n") == 1


@posix
def test_a_read_only_disk_is_told_in_one_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = mounted("size=1m,ro", disk, "--minutes", "1", "--out", "disk/walk")
    assert done.returncode == 2
    assert re.search(r"is read-only\. Choose a folder on another disk", done.stderr)
    assert done.stderr.count("\n") == 1


def test_without_a_folder_the_session_is_kept_among_those_of_the_window(tmp_path: Path) -> None:
    done = run("--minutes", "1", "--seed", "7", "--tries", "1", "--library", "mine", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert "My sessions" in done.stderr
    library = Library(tmp_path / "mine")
    (entry,) = library.entries()
    assert (entry.id, printed["library"]) == (printed["id"], str(tmp_path / "mine"))
    assert entry.title == "From sad to hopeful"
    assert library.record(entry.id).seed == 7
    assert [path.name[20:] for path in (tmp_path / "mine" / "sessions").iterdir()] == ["sad to hopeful"]
