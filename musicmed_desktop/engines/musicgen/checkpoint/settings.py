"""A configuration file, asked for one value at a time; it may have been written by anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, missing, unfit

MOST = 1_000_000  # larger than any size in a model that a computer can hold
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")  # OmegaConf's way to repeat another value
_DEPTH = 10  # references that lead to references


@dataclass(frozen=True)
class Settings:
    """The `values` of a section of `file`; `root` is the whole file. Asking raises UserError, which names the file."""

    file: Path
    values: Mapping[str, Any]
    root: Mapping[str, Any]
    place: str = ""

    def get(self, name: str, default: Any = None) -> Any:
        """The value called `name`, `default` where it is absent or null; references are followed."""
        value = self.values.get(name)
        for _ in range(_DEPTH):
            reference = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
            if reference is None:
                return default if value is None else value
            value = self._look_up(reference[1])
        raise unfit(self.file, f"{self.place}{name} refers to itself")

    def section(self, name: str) -> Settings:
        values = self.get(name, {})
        if not isinstance(values, dict):
            raise unfit(self.file, f"{self.place}{name} is no section")
        return Settings(self.file, values, self.root, f"{self.place}{name}.")

    def count(self, name: str, default: int | None = None, most: int = MOST) -> int:
        """A whole number from 1 to `most`."""
        return self._count(name, self.get(name, default), most)

    def counts(self, name: str, default: tuple[int, ...] = (), most: int = MOST) -> tuple[int, ...]:
        values = self.get(name, default)
        if not isinstance(values, list | tuple) or not 1 <= len(values) <= 8:
            raise unfit(self.file, f"{self.place}{name} is {_short(values)}")
        return tuple(self._count(name, value, most) for value in values)

    def demand(self, name: str, wanted: Any, default: Any = None) -> None:
        """Refuse the model unless the value is `wanted`; an absent one is `default`, or as wanted without a default."""
        value = self.get(name, wanted if default is None else default)
        if value != wanted:
            raise unfit(self.file, f"{self.place}{name} is {_short(value)} instead of {wanted!r}")

    def _count(self, name: str, value: Any, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise unfit(self.file, f"{self.place}{name} is {_short(value)}")
        return value

    def _look_up(self, path: str) -> Any:
        value: Any = self.root
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value


def read_json(file: Path) -> Settings:
    """A file whose content is one JSON object."""
    try:
        values = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise missing(file) from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(file, str(error)) from error
    return _settings(file, values)


def read_yaml(file: Path, text: object) -> Settings:
    """The configuration, in YAML, that AudioCraft puts into its `file`."""
    import yaml

    if not isinstance(text, str):
        raise damaged(file, "its configuration is no text")
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise damaged(file, str(error)) from error
    return _settings(file, values)


def _settings(file: Path, values: object) -> Settings:
    if not isinstance(values, dict):
        raise damaged(file, f"it holds a {type(values).__name__} instead of an object")
    return Settings(file, values, values)


def _short(value: object) -> str:
    return "missing" if value is None else repr(value)[:80]
