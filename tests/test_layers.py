"""What import-linter cannot say: what is loaded when, and that affect needs the standard library alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "musicmed_desktop"
HEAVY = {
    "librosa",
    "numba",
    "numpy",
    "onnxruntime",
    "pedalboard",
    "pretty_midi",
    "pydantic",
    "pyloudnorm",
    "rich",
    "scipy",
    "sounddevice",
    "soundfile",
    "soxr",
    "symusic",
    "torch",
    "transformers",
    "vibenet",
}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compose", "--help"], ["doctor", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    listing = (
        "import sys; from musicmed_desktop.cli import main;"
        f"code = main({arguments!r}); print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.splitlines()}
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_affect_needs_the_standard_library_alone() -> None:
    for file in (PACKAGE / "affect").rglob("*.py"):
        roots = {name.partition(".")[0] for name in _imports(file)}
        assert roots <= sys.stdlib_module_names | {"musicmed_desktop"}, file.name


def _imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names
