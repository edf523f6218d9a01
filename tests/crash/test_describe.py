"""Nothing of its user is in a report, whatever an exception carries."""

from __future__ import annotations

import errno
import json
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

import musicmed_desktop
from musicmed_desktop.affect import Affect, mood, nearest
from musicmed_desktop.audio.files import read_audio
from musicmed_desktop.crash.describe import cleaned_fault, failure, heading, place
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Prescription
from musicmed_desktop.session.record import Coordinates

SECRET = "desperate"  # a mood, a note, a title
NAME = "maria"  # in paths


def caught(fails: Callable[[], object]) -> BaseException:
    try:
        fails()
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


def _raise(error: BaseException) -> None:
    raise error


def _noted() -> None:
    error = RuntimeError(SECRET)
    error.add_note(f"while {SECRET}")
    raise error


def _chained() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise UserError(f"I feel {SECRET}", SECRET, f"/home/{NAME}/{SECRET}") from error


def _while_handling() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        raise RuntimeError(SECRET)  # noqa: B904


def _grouped() -> None:
    raise ExceptionGroup(SECRET, [ValueError(SECRET), ExceptionGroup(SECRET, [OSError(2, SECRET, f"/home/{NAME}")])])


def _compiled() -> None:
    exec(compile(f"def {SECRET}(): pass\nraise ValueError('{SECRET}')", f"/home/{NAME}/{SECRET}.py", "exec"))


class ShyError(Exception):
    def __str__(self) -> str:
        raise RuntimeError(SECRET)

    __repr__ = __str__


NASTY: list[Callable[[], object]] = [
    lambda: mood(SECRET * 2),
    lambda: Prescription.model_validate({"start": SECRET * 2, "target": NAME, "note": SECRET}),
    lambda: Coordinates.model_validate({"valence": SECRET, NAME: 1}),
    lambda: json.loads(f'{{"{SECRET}": {NAME}'),
    lambda: Path(f"/home/{NAME}/{SECRET}.json").read_bytes(),
    lambda: Path(f"/home/{NAME}/{SECRET}.json").rename(f"/home/{NAME}/x"),
    lambda: {"": 0}[SECRET],
    lambda: int(SECRET),
    lambda: SECRET.encode().decode("utf-16"),
    lambda: getattr(Path(), SECRET),
    lambda: getattr(sys, f"{SECRET} {NAME}"),
    lambda: __import__(SECRET),
    lambda: compile(f"{SECRET} {NAME}", f"/home/{NAME}/{SECRET}.py", "exec"),
    lambda: eval(SECRET),
    lambda: _raise(OSError(SECRET)),
    lambda: _raise(UserError(SECRET)),
    lambda: _raise(ShyError(SECRET)),
    _noted,
    _chained,
    _while_handling,
    _grouped,
    _compiled,
]


@pytest.mark.parametrize("fails", NASTY)
def test_nothing_personal_is_told(fails: Callable[[], object]) -> None:
    text = failure(caught(fails)).lower()
    assert SECRET not in text
    assert NAME not in text
    assert str(Path.home()).lower() not in text
    assert str(Path(musicmed_desktop.__file__).parent.parent).lower() not in text


def test_it_tells_where_in_the_program_it_failed() -> None:
    lines = failure(caught(lambda: mood(SECRET))).splitlines()
    assert lines[-1] == "musicmed_desktop.errors.UserError"
    assert any(line.startswith("  musicmed_desktop/affect/moods.py, line ") for line in lines)
    assert lines[0].startswith("  elsewhere, line ")  # this file belongs to no package
    lines = failure(caught(lambda: json.loads("{"))).splitlines()
    assert any(line.startswith("  json/decoder.py, line ") and "JSONDecoder" in line for line in lines)


def test_the_first_failure_comes_first() -> None:
    kinds = [line for line in failure(caught(_chained)).splitlines() if not line.startswith("  ")]
    assert kinds == ["KeyError", "that led to:", "musicmed_desktop.errors.UserError"]
    kinds = [line for line in failure(caught(_grouped)).splitlines() if not line.startswith("  ")]
    assert kinds == [
        *("ExceptionGroup", "one of 2:", "ValueError", "one of 2:", "ExceptionGroup"),
        *("one of 1:", "FileNotFoundError ENOENT"),
    ]


@pytest.mark.parametrize(
    ("fails", "fact"),
    [
        (lambda: _raise(OSError(errno.ENOSPC, SECRET)), "OSError ENOSPC"),
        (lambda: _raise(OSError(99_999, SECRET)), "OSError 99999"),
        (lambda: nearest(cast(Affect, SECRET)), "AttributeError valence"),
        (lambda: getattr(Path(), SECRET), "AttributeError"),
    ],
)
def test_numbers_and_names_that_stand_in_the_source_help(fails: Callable[[], object], fact: str) -> None:
    assert failure(caught(fails)).splitlines()[-1] == fact


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    text = failure(caught(lambda: read_audio(tmp_path / "a.flac")))
    assert text.splitlines()[-1] == "ModuleNotFoundError soundfile"


def test_an_endless_recursion_is_shortened() -> None:
    def deeper(n: int) -> int:
        return deeper(n + 1) + 1

    text = failure(caught(lambda: deeper(0)))
    assert text.count("\n") < 60
    assert " more)" in text


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert failure(first) == "KeyError\nthat led to:\nValueError"


def test_places() -> None:
    package, library = Path(musicmed_desktop.__file__).parent, Path(sysconfig.get_path("stdlib"))
    assert place(str(package / "ui" / "window.py")) == "musicmed_desktop/ui/window.py"
    assert place(str(library / "json" / "decoder.py")) == "json/decoder.py"
    assert place(str(Path(sysconfig.get_path("purelib")) / "numpy" / "x.py")) == "numpy/x.py"
    assert place("musicmed_desktop/app.py") == "musicmed_desktop/app.py"  # as a bundle has it
    assert place("<frozen importlib._bootstrap>") == "<frozen importlib._bootstrap>"
    for foreign in (f"/home/{NAME}/x.py", f"{NAME}/x.py", f"<{NAME}>", f"{package}/../../{NAME}/x.py", ""):
        assert place(foreign) == "elsewhere"


def test_the_heading_has_versions_and_no_names() -> None:
    text = heading()
    assert musicmed_desktop.__version__ in text
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    assert "numpy " in text
    assert "pytest" not in text


def test_a_fault_is_cleaned_line_by_line() -> None:
    package = Path(musicmed_desktop.__file__).parent
    dump = f"""Fatal Python error: Segmentation fault

Current thread 0x00007f12 [{NAME}] (most recent call first):
  File "{package}/audio/player.py", line 12 in Player.run
  File "/home/{NAME}/{SECRET}.py", line 7 in <module>
  Binary file "/home/{NAME}/lib.so", at +0x12 [0x7f]
{SECRET} of {NAME}
Extension modules: numpy._core (total: 1)
"""
    assert cleaned_fault(dump).splitlines() == [
        "Fatal Python error: Segmentation fault",
        "Current thread 0x00007f12",
        "  musicmed_desktop/audio/player.py, line 12, in Player.run",
        "  elsewhere, line 7, in <module>",
        "Extension modules: numpy._core (total: 1)",
    ]
