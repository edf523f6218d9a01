"""Which edition of the program this is, and how a person gets what it does not hold."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Literal

from musicmed_desktop import __version__
from musicmed_desktop.paths import PORTABLE_FOLDER, is_portable

Edition = Literal["source", "light", "full"]
Extra = Literal["musicgen", "audiocraft", "training"]  # of pyproject.toml

_SETUP = "python3 packaging/dev.py setup"


def edition() -> Edition:
    """Light and full come from an installer; source is a checkout, or what pip has installed."""
    if not getattr(sys, "frozen", False):
        return "source"
    return "full" if find_spec("torch") else "light"


def version_words() -> str:
    """As in "0.2.0, light edition, portable"; of the source just "0.2.0"."""
    words = [__version__]
    if edition() != "source":
        words.append(f"{edition()} edition")
    if is_portable():
        words.append("portable")
    return ", ".join(words)


def how_to_get(extra: Extra) -> str:
    """What to do where something of `extra` is missing, in sentences."""
    if edition() == "source":
        return f"Start {_SETUP} {extra}."
    if extra == "training":
        return f"No installer holds it: it is set up from the program's source, by {_SETUP} training."
    if edition() == "light":
        found = "You find that one where you found this one."
        return f"This is the light edition; the full edition has it. {found} {_sessions_stay()}"
    return how_to_mend()


def how_to_mend(extra: Extra | None = None) -> str:
    """What to do where something of the program itself, or of `extra`, is there but does not work, in sentences."""
    if edition() == "source":
        return f"Start {_SETUP} {extra} again." if extra else f"Start {_SETUP} again."
    return f"Please install the program again. {_sessions_stay()}"


def _sessions_stay() -> str:
    if is_portable():
        return f"Your sessions are in the folder “{PORTABLE_FOLDER}”: keep it, and put it beside the new program."
    return "Your sessions stay."
