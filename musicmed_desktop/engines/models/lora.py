"""LoRA adapters from anybody, looked at before they are read."""

from __future__ import annotations

import re
from pathlib import Path

from musicmed_desktop.engines.choice import ADAPTER_FILE
from musicmed_desktop.engines.models.headers import read_object, spoilt
from musicmed_desktop.errors import UserError

WEIGHTS = "adapter_model.safetensors"
_SIZE = 2_000_000_000  # bytes; all layers of musicgen-large at rank 64 in float32 have 0.65 GB
# What makes a regular expression slow: repetitions, and choices in a row. peft's own patterns are names of layers.
_REPEATS, _MOST_REPEATS, _MOST_CHOICES, _LONGEST_PATTERN = re.compile(r"[*+?{]"), 3, 10, 200
_REPEATED_GROUP = re.compile(r"\)[*+?{]|\{")


def check_adapter(folder: Path) -> str:
    """The model that the adapter was made for, as its maker wrote it. Raises UserError where it cannot be used.

    It is read as a whole, since training may have failed and left values that are no numbers.
    """
    from musicmed_desktop.engines.musicgen.adapters import read_adapter

    weights = folder / WEIGHTS
    if not weights.is_file():
        raise UserError(
            f"The adapter in {folder} has no {WEIGHTS}.",
            "Save it again as safetensors: an adapter_model.bin can hold programs, and is not opened.",
        )
    if weights.stat().st_size > _SIZE:
        raise UserError(f"The file {weights} is far too large for an adapter.", "Choose the folder of an adapter.")
    _refuse_slow_patterns(folder / ADAPTER_FILE)
    return read_adapter(folder).base


def _refuse_slow_patterns(config: Path) -> None:
    """Layers are found by regular expressions; some that one can write down take for ever."""
    values = read_object(config)
    for name in ("rank_pattern", "alpha_pattern"):
        patterns = values.get(name)
        for pattern in patterns if isinstance(patterns, dict) else ():
            if (
                len(pattern) > _LONGEST_PATTERN
                or _REPEATED_GROUP.search(pattern)
                or len(_REPEATS.findall(pattern)) > _MOST_REPEATS
                or pattern.count("|") > _MOST_CHOICES
            ):
                raise spoilt(config, f"its {name} is too involved", pattern)
