"""The files of a model that arrives, whatever they lie in, and their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from musicmed_desktop.engines.choice import ADAPTER_FILE
from musicmed_desktop.engines.models.progress import Meter
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES

CONFIG = "config.json"
SETTINGS = {
    *(CONFIG, "generation_config.json", "preprocessor_config.json", "processor_config.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.json", "merges.txt", "spiece.model", "model.safetensors.index.json"),
}
WEIGHTS = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")
ADAPTER_FILES = {ADAPTER_FILE, "adapter_model.safetensors"}
NOTES = re.compile(r"(README|LICEN[CS]E|NOTICE)(\.(md|txt))?", re.IGNORECASE)
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")


@dataclass(frozen=True)
class Piece:
    """A file that arrives; `path` has / between its parts, and `sha256` is what it should be, empty where nobody knows.

    `read` yields its contents and raises UserError where that is not possible.
    """

    path: str
    size: int
    read: Callable[[], Iterator[bytes]]
    sha256: str = ""

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    def hashed(self, meter: Meter) -> str:
        """The SHA-256 of what it holds."""
        digest = sha256()
        for block in self.read():
            digest.update(block)
            meter.count(len(block))
        return digest.hexdigest()


def belongs(name: str) -> bool:
    """Whether a file of this name can be part of a model."""
    return name in SETTINGS | ADAPTER_FILES or name in AUDIOCRAFT_FILES or bool(WEIGHTS.fullmatch(name))


def is_weights(name: str) -> bool:
    """Whether a file of this name holds weights, in whatever format."""
    return name.endswith((".safetensors", *PICKLES))
