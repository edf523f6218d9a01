"""Stand-ins for tools of other systems: real programs on the PATH that write down how they were called."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest


@dataclass(frozen=True)
class RecordedTools:
    """Programs in `folder`, which alone is the PATH."""

    folder: Path

    def add(self, name: str, body: str = "") -> Path:
        """Make the program `name`; `body` is Python, and knows its own `arguments`. Returns it."""
        script = self.folder / f"{name}.py"
        lines = [
            "import json, os, pathlib, shutil, sys, time",
            "arguments = sys.argv[1:]",
            f"with open({str(self._log)!r}, 'a', encoding='utf-8') as log:",
            f"    log.write(json.dumps([{name!r}, *arguments]) + chr(10))",
        ]
        script.write_text("\n".join([*lines, dedent(body)]), encoding="utf-8")
        if os.name == "nt":
            program = self.folder / f"{name}.bat"
            program.write_text(f'@"{sys.executable}" -I -S "{script}" %*\n', encoding="utf-8")
        else:
            program = self.folder / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{script}" "$@"\n', encoding="utf-8")
            program.chmod(0o755)
        return program

    def calls(self, *beginning: str) -> list[list[str]]:
        """Names and arguments of what was called so far; of calls that begin so."""
        if not self._log.exists():
            return []
        every = [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]
        return [call for call in every if call[: len(beginning)] == [*beginning]]

    @property
    def _log(self) -> Path:
        return self.folder / "calls.jsonl"


def recorded_tools(folder: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedTools:
    """An empty PATH in `folder`, and an environment that knows nothing of how the project is signed."""
    folder.mkdir()
    for name in [*os.environ]:
        if name.startswith("MUSICMED_") and name != "MUSICMED_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(folder))
    return RecordedTools(folder)
