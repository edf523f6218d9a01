"""Files that anybody may have written: what must hold before a parser is let at them.

Limits are several times what MusicGen's and CLAP's files have.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError

SMALL = 1_000_000  # bytes of a configuration
VOCABULARY = 16_000_000  # bytes of a tokenizer
HEADER = 4_000_000  # bytes that describe the tensors of a file
_TENSORS = 20_000  # in a file
_DEPTH = 50  # sections within sections
_LENGTH = struct.Struct("<Q")


def spoilt(file: Path, why: str, detail: str = "") -> UserError:
    return UserError(f"The file {file} is damaged: {why}.", "Copy or download the model again.", detail)


def limit(name: str) -> int | None:
    """How many bytes a file of this name may have; None where it holds weights."""
    if name.endswith((".safetensors", ".bin")):
        return None
    return VOCABULARY if name in ("tokenizer.json", "vocab.json", "merges.txt", "spiece.model") else SMALL


def read_object(file: Path) -> dict[str, Any]:
    """A small JSON file that holds one object without surprises: neither deep nor with numbers that are none."""
    content = read_small(file)
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise spoilt(file, "it cannot be read", str(error)) from error
    if not isinstance(values, dict):
        raise spoilt(file, "it holds no settings")
    for value in _walk(file, values):
        if isinstance(value, float) and not math.isfinite(value):
            raise spoilt(file, f"it holds the number {value}")
        if isinstance(value, str) and not _is_text(value):
            raise spoilt(file, "it holds letters that are none")
    return values


def read_small(file: Path) -> bytes:
    """The whole file. Raises UserError where it is larger than one of its name can be."""
    most = limit(file.name)
    try:
        if most is not None and file.stat().st_size > most:
            raise spoilt(file, "it is far too large for what it should be")
        return file.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error


def check_safetensors(file: Path) -> None:
    """Raises UserError where the header is none, larger than that of any model, or names a tensor twice."""
    try:
        with file.open("rb") as opened:
            start = opened.read(_LENGTH.size)
            length = _LENGTH.unpack(start)[0] if len(start) == _LENGTH.size else 0
            header = opened.read(length) if length <= HEADER else b""
    except OSError as error:
        raise unreadable(file, error) from error
    try:
        tensors = json.loads(header, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise spoilt(file, "it does not begin like a file of weights", f"{error}; {length} bytes") from error
    if not isinstance(tensors, dict) or len(tensors) > _TENSORS:
        raise spoilt(file, "it does not hold the weights of a model")


def check_torch(file: Path) -> None:
    """Raises UserError where it is not the zip file that torch.save writes: nothing compressed, few entries, and a
    small description of the tensors."""
    try:
        with BoundedFile(file) as opened, ZipFile(opened) as archive:
            entries = archive.infolist()
    except OSError as error:
        raise unreadable(file, error) from error
    except Exception as error:  # zipfile raises whatever a file that is none leads it to
        raise spoilt(file, "it does not hold weights that can be read", str(error)) from error
    described = [entry for entry in entries if entry.filename.endswith("/data.pkl")]
    if len(entries) > _TENSORS or len(described) != 1 or described[0].file_size > HEADER:
        raise spoilt(file, "it does not hold the weights of a model", f"{len(entries)} entries")
    if any(entry.compress_type != ZIP_STORED for entry in entries):
        raise spoilt(file, "it is not packed as weights are")


class BoundedFile(FileIO):
    """A file of which nobody reads much at once, as zipfile does where a directory of gigabytes is declared."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._size = file.stat().st_size

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > HEADER:
            raise BadZipFile(f"{wanted} bytes are to be read at once")
        return super().read(wanted) or b""


def _walk(file: Path, values: dict[str, Any]) -> Iterator[Any]:
    """All keys and plain values."""
    waiting: list[tuple[int, Any]] = [(1, values)]
    while waiting:
        depth, value = waiting.pop()
        if depth > _DEPTH:
            raise spoilt(file, "its sections lie too deep")
        if isinstance(value, dict):
            yield from value
            waiting += [(depth + 1, inner) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(depth + 1, inner) for inner in value]
        else:
            yield value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name is there twice")
    return values


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a letter, which JSON can spell
        return False
    return True
