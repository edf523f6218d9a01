"""The command line of the window."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Options:
    """How the window is started. `speed` counts for silent sound alone; `file` is a plan or a session to open."""

    audio: Literal["device", "silent"] = "device"
    speed: float = 1.0
    library: Path | None = None
    offline: bool = False
    self_test: bool = False
    minutes: float = 1.0
    json: bool = False
    file: Path | None = None


def parse(arguments: Sequence[str]) -> Options:
    """Raises SystemExit with a word of usage where they are not understood."""
    parser = argparse.ArgumentParser(
        prog="musicmed-desktop",
        description="Music that meets your mood and walks with it. Without options: the window.",
        epilog="The commands of musicmed (compose, plan, moods, ...) work here too.",
    )
    parser.add_argument("--audio", choices=("device", "silent"), default="device", help="silent: a clock plays nothing")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the silent clock runs, 1 to 100")
    parser.add_argument("--library", type=Path, metavar="DIR", help="keep the sessions there this time")
    parser.add_argument("--offline", action="store_true", help="never use the network, not even to download a model")
    parser.add_argument("--self-test", action="store_true", help="drive the window through a session, and report")
    parser.add_argument("--minutes", type=_minutes, default=1.0, help="length of the self-test's session")
    parser.add_argument("--json", action="store_true", help="report of the self-test as JSON")
    parser.add_argument("file", type=Path, nargs="?", help="a .musicmed-plan or .musicmed file to open")
    return Options(**vars(parser.parse_args(arguments)))


def _speed(text: str) -> float:
    return _between(text, 1.0, 100.0)


def _minutes(text: str) -> float:
    return _between(text, 1.0, 60.0)


def _between(text: str, lowest: float, highest: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
    if not lowest <= number <= highest:
        raise argparse.ArgumentTypeError(f"{text} is not between {lowest:g} and {highest:g}")
    return number
