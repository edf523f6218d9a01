"""Engines turn a step of the plan into sound."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.base import Engine
from musicmed_desktop.errors import UserError

ENGINES = ("builtin",)


def open_engine(name: str, soundfont: Path | None = None) -> Engine:
    """The engine of that name; raises UserError for an unknown one."""
    if name not in ENGINES:
        known = " or ".join(ENGINES)
        raise UserError(f"There is no engine named {name}.", f"Choose {known}.")
    from musicmed_desktop.engines.builtin.engine import BuiltinEngine

    return BuiltinEngine(soundfont)
