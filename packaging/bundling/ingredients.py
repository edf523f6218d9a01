"""What a flavour is made of: the modules that nothing names in an import statement, and those left out on purpose."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution

from PyInstaller.utils.hooks import collect_submodules, copy_metadata

from bundling.product import FULL, LIGHT, Flavour

# Needed for teaching and judging models alone, which is done from source; else a part of VibeNet's or of a library's
# that is never reached, or a tool for programmers.
_LEFT_OUT = [
    *("accelerate.test_utils", "librosa", "llvmlite", "numba", "sklearn", "tensorboard"),
    *("IPython", "matplotlib", "mypy", "OpenGL", "pandas", "PIL", "pip", "pydub", "pytest", "setuptools"),
    *("lib2to3", "pydoc_data", "tkinter", "turtle"),
]
# The program asks for the versions of these, or transformers does before it works with them.
_METADATA = (
    *("musicmed-desktop", "click", "cryptography", "mutagen", "numpy", "onnxruntime", "pedalboard", "platformdirs"),
    *("pretty_midi", "pydantic", "pyqtgraph", "PySide6-Essentials", "resvg-py", "rich", "sounddevice", "soundfile"),
    *("soxr", "sqlcipher3", "symusic", "typing_extensions", "vibenet"),
)
_METADATA_OF_FULL = (
    *("accelerate", "audiocraft", "filelock", "httpx2", "huggingface_hub", "onnx", "packaging", "peft", "PyYAML"),
    *("regex", "requests", "safetensors", "tokenizers", "torch", "tqdm", "transformers", "truststore"),
)
# transformers loads its models by name. MusicGen is made of these.
_MODELS = ("auto", "encodec", "musicgen", "t5")


def modules(flavour: Flavour) -> list[str]:
    """Names of modules that PyInstaller cannot see in any import statement."""
    wanted = [*collect_submodules("musicmed_desktop"), "pretty_midi", "resvg_py", "vibenet"]
    if flavour == FULL:
        wanted += ["audiocraft"]
        for name in _MODELS:
            wanted += collect_submodules(f"transformers.models.{name}")
    return wanted


def left_out(flavour: Flavour) -> list[str]:
    """Names of packages that are not bundled, though something names them."""
    # torchmetrics, which AudioCraft loads for training, does not load without scipy, nor that without numpy.f2py.
    return [*_LEFT_OUT, "numpy.f2py", "scipy"] if flavour == LIGHT else _LEFT_OUT


def metadata(flavour: Flavour) -> list[tuple[str, str]]:
    """(source, destination) of the metadata of the distributions whose version somebody asks for."""
    names = (*_METADATA, *(_METADATA_OF_FULL if flavour == FULL else ()))
    return [pair for name in names if _is_installed(name) for pair in copy_metadata(name)]


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
