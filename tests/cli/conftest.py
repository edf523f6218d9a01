"""The terminal program, called in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from musicmed_desktop import cli


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Musicmed = Callable[..., Ran]


@pytest.fixture
def musicmed(capsys: pytest.CaptureFixture[str]) -> Musicmed:
    def run(*arguments: str) -> Ran:
        code = cli.main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
