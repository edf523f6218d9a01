from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop.ui.options import Options, parse


def test_without_options_it_plays_through_the_device() -> None:
    assert parse([]) == Options(audio="device", speed=1.0, library=None, self_test=False, minutes=1.0, json=False)


def test_every_option() -> None:
    given = parse(
        ["--audio", "silent", "--speed", "20", "--library", "x", "--offline", "--self-test", "--minutes", "2", "--json"]
    )
    assert given == Options("silent", 20.0, Path("x"), True, True, 2.0, True)


def test_a_file_to_open() -> None:
    assert parse(["a plan.musicmed-plan"]).file == Path("a plan.musicmed-plan")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--speed", "0"], "not between 1 and 100"),
        (["--speed", "nan"], "not between"),
        (["--minutes", "many"], "not a number"),
        (["--audio", "loud"], "invalid choice"),
        (["--unknown"], "unrecognized"),
    ],
)
def test_what_is_not_understood_is_named(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert word in capsys.readouterr().err
