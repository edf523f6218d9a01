"""Models that another model only names."""

from __future__ import annotations

import re
from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged
from musicmed_desktop.errors import UserError

_NAME = re.compile(r"([\w-][\w.-]*/)?[\w-][\w.-]*")  # as on Hugging Face: with or without an owner
_OWNERS = {"t5-base": "google-t5/t5-base"}  # whose models have moved, so that a cache may have either name


def find_local(folder: Path, name: object, file: Path) -> Path:
    """Where the model lies that `file` names: in a folder of that name inside `folder`, or in Hugging Face's cache.

    Never downloads. Raises UserError where it is in neither.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise damaged(file, f"it names {name!r:.80} as another model")
    beside = folder / name.rpartition("/")[2]
    if beside.is_dir():
        return beside
    found = _cached(name) or _cached(_OWNERS.get(name, name))
    if found is None:
        raise UserError(
            f"The model in {folder} needs {name}, which is not on this computer.",
            f"Put {name}, as Hugging Face has it, into {beside}.",
        )
    return found


def _cached(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(name, "config.json")
    return Path(config).parent if isinstance(config, str) else None
