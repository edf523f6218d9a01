"""AudioCraft without xformers, torchaudio and librosa, where they are missing or cannot be loaded.

AudioCraft 1.3.0 imports them at its top, and pins builds of the first two for torch 2.1. Text-to-music needs next to
nothing of them: `xformers.ops.unbind` (attention is torch's own), of torchaudio only a name that losses for training
mention, and of librosa, which the installers leave out for its size, a name for music that follows a melody.
The stand-ins are taken away again once AudioCraft is loaded, so that nobody else believes that the real ones are
there; only `xformers.ops`, which attention layers import while they run, stays.
"""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch

from musicmed_desktop.edition import edition, how_to_get
from musicmed_desktop.errors import UserError

AUDIOCRAFT = "audiocraft==1.3.0"
_BY_PIP = (
    'Without packaging/dev.py: pip install "musicmed-desktop[audiocraft]", and then '
    f"pip install --no-deps {AUDIOCRAFT}. "
)
_IMPORTING = threading.Lock()


class Missing:
    """Stands for a class of a missing package, by name; it cannot be used."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{type(self).__name__} needs the real package, and only a stand-in for it is loaded.")


class LowerTriangularMask:
    """Tells attention to be causal; with torch's own attention only its presence counts."""


def import_audiocraft() -> ModuleType:
    """The package `audiocraft`, with its submodule `models` loaded. Raises UserError where it is not installed."""
    with _IMPORTING:
        if loaded := sys.modules.get("audiocraft"):
            return loaded
        _settle_what_transformers_finds()
        with _stand_ins(), warnings.catch_warnings():
            # The typer of spaCy, which AudioCraft imports, still asks click for old names.
            warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"typer(\.|$)")
            try:
                return importlib.import_module("audiocraft")
            except ModuleNotFoundError as error:
                raise UserError(
                    "AudioCraft is not installed, or not completely.",
                    how_to_get("audiocraft"),
                    f"{_BY_PIP if edition() == 'source' else ''}Missing: {error.name}",
                ) from error


def _settle_what_transformers_finds() -> None:
    """transformers remembers which packages there are: let it look before there are stand-ins."""
    from transformers.utils.import_utils import is_librosa_available, is_torchaudio_available

    is_torchaudio_available()
    is_librosa_available()


@contextmanager
def _stand_ins() -> Generator[None]:
    """Stand-ins for what cannot be loaded, for as long as AudioCraft's own modules are loading."""
    standing: dict[str, ModuleType] = {}
    if not _loads("xformers.ops"):
        standing |= _xformers()
    if not _loads("torchaudio.transforms"):
        standing |= _torchaudio()
    if not _loads("librosa.filters"):
        standing |= _librosa()
    sys.modules.update(standing)
    try:
        yield
    finally:
        for name in standing.keys() - {"xformers.ops"}:
            del sys.modules[name]


def _loads(name: str) -> bool:
    """Whether a package is there and fits this torch; one built for another torch raises OSError."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError):
        return False
    return True


def _xformers() -> dict[str, ModuleType]:
    package, ops = ModuleType("xformers"), ModuleType("xformers.ops")
    vars(package).update(ops=ops, __path__=[])
    vars(ops).update(
        unbind=torch.unbind,
        LowerTriangularMask=LowerTriangularMask,
        memory_efficient_attention=torch.nn.functional.scaled_dot_product_attention,
    )
    return {"xformers": package, "xformers.ops": ops}


def _torchaudio() -> dict[str, ModuleType]:
    package, transforms = ModuleType("torchaudio"), ModuleType("torchaudio.transforms")
    names = ("Loudness", "MelSpectrogram", "Resample", "Spectrogram")
    vars(transforms).update({name: type(name, (Missing,), {}) for name in names})
    vars(package).update(transforms=transforms, __path__=[])
    return {"torchaudio": package, "torchaudio.transforms": transforms}


def _librosa() -> dict[str, ModuleType]:
    package, filters = ModuleType("librosa"), ModuleType("librosa.filters")
    vars(filters).update(chroma=Missing)
    vars(package).update(filters=filters, __path__=[])
    return {"librosa": package, "librosa.filters": filters}
