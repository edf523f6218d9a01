"""What import-linter cannot say: what is loaded when, and that affect needs the standard library alone."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from musicmed_desktop import doctor

AUDIOCRAFT = "audiocraft==1.3.0"  # the engine's hints name it, too

PACKAGE = Path(__file__).parents[1] / "musicmed_desktop"
HEAVY = {
    "accelerate",
    "audiocraft",
    "cryptography",
    "librosa",
    "mutagen",
    "numba",
    "numpy",
    "onnx",
    "onnxruntime",
    "pedalboard",
    "peft",
    "pretty_midi",
    "pydantic",
    "pyloudnorm",
    "resvg_py",
    "rich",
    "safetensors",
    "scipy",
    "sklearn",
    "sounddevice",
    "soundfile",
    "soxr",
    "sqlcipher3",
    "symusic",
    "tensorboard",
    "tokenizers",
    "torch",
    "transformers",
    "vibenet",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["compose", "--help"],
        ["doctor", "--help"],
        ["evaluate", "--help"],
        ["library", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    listing = (
        "import sys; from musicmed_desktop.cli import main;"
        f"code = main({arguments!r}); print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.splitlines()}
    assert "click" in loaded
    assert loaded & HEAVY == set()


_DISTRIBUTIONS = {"PySide6": "PySide6-Essentials", "resvg_py": "resvg-py", "sklearn": "scikit-learn", "yaml": "PyYAML"}


def test_affect_needs_the_standard_library_alone() -> None:
    for file in (PACKAGE / "affect").rglob("*.py"):
        roots = {name.partition(".")[0] for name in _imports(file)}
        assert roots <= sys.stdlib_module_names | {"musicmed_desktop"}, file.name


def test_every_import_is_a_declared_dependency_and_every_dependency_is_imported() -> None:
    pyproject = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    needed, extras = pyproject["project"]["dependencies"], pyproject["project"]["optional-dependencies"]
    music, audiocraft = _names(extras["musicgen"]), _names(extras["audiocraft"]) - {"musicmed-desktop[musicgen]"}
    training = _names(extras["training"]) - {"musicmed-desktop[musicgen]"}
    imported = {name.partition(".")[0] for file in PACKAGE.rglob("*.py") for name in _imports(file)}
    third_party = imported - sys.stdlib_module_names - {"musicmed_desktop"}
    third_party |= set(doctor.CARRIERS)  # of these only files are used
    third_party -= {"pydantic_core", "shiboken6"}  # parts of pydantic and PySide6, which pin them exactly
    third_party = {_DISTRIBUTIONS.get(name, name) for name in third_party}
    assert music <= third_party
    assert third_party - music - training - audiocraft - {"audiocraft"} == _names(needed)
    assert training - {"tensorboard"} <= third_party  # which accelerate imports
    # AudioCraft itself asks for more than it needs to write music, and for other versions.
    assert audiocraft <= third_party | _requirements("audiocraft")
    assert pyproject["tool"]["musicmed"]["without-dependencies"] == {"audiocraft": [AUDIOCRAFT], "test": [AUDIOCRAFT]}


def test_the_default_installation_brings_no_torch() -> None:
    """Not even by way of what it depends on: torch is several gigabytes."""
    found: set[str] = set()
    waiting = {"musicmed-desktop"}
    while waiting:
        package = waiting.pop()
        found.add(package)
        waiting |= _requirements(package) - found
    assert {"numpy", "vibenet", "scikit-learn"} <= found
    assert found.isdisjoint({"torch", "transformers", "torchaudio"})


def _requirements(package: str) -> set[str]:
    """What is installed for `package` here: no extras, and no other systems' requirements."""
    wanted = map(Requirement, requires(package) or ())
    return {
        canonicalize_name(requirement.name)
        for requirement in wanted
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }


def _names(requirements: list[str]) -> set[str]:
    return {requirement.partition("==")[0] for requirement in requirements}


def _imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names
