"""The small program at the head of an AppImage, which mounts the rest: AppImage's type-2 runtime."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from pathlib import Path

from bundling import product
from bundling.failure import BundleError

VARIABLE = "MUSICMED_APPIMAGE_RUNTIME"
DOWNLOADS = product.ROOT / "build" / "downloads"

_RELEASE = "https://github.com/AppImage/type2-runtime/releases/download/20251108"
# File of the release and its SHA-256, as GitHub gives it, by processor.
_PINNED = {
    "x86_64": ("runtime-x86_64", "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d"),
    "arm64": ("runtime-aarch64", "00cbdfcf917cc6c0ff6d3347d59e0ca1f7f45a6df1a428a0d6d8a78664d87444"),
}
_TIMEOUT_S = 60


class RuntimeMissingError(BundleError):
    """There is no runtime, and none could be fetched; the text says what to do."""


def runtime(downloads: Path = DOWNLOADS) -> Path:
    """The runtime's file: the one that MUSICMED_APPIMAGE_RUNTIME names, or the pinned release, fetched once.

    Raises RuntimeMissingError where there is none to be had, BundleError where what came is something else.
    """
    if named := os.environ.get(VARIABLE):
        return _named(Path(named))
    if product.machine() not in _PINNED:
        raise RuntimeMissingError(f"No AppImage runtime is known for {product.machine()}. Name one in {VARIABLE}.")
    name, digest = _PINNED[product.machine()]
    path = downloads / name
    content = path.read_bytes() if path.is_file() else _fetched(f"{_RELEASE}/{name}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise BundleError(f"{path} is not the runtime that was pinned: its SHA-256 differs. Remove it, and try again.")
    downloads.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _named(path: Path) -> Path:
    if not path.is_file():
        raise BundleError(f"{VARIABLE} names {path}, and there is no such file.")
    return path


def _fetched(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response:
            content: bytes = response.read()
            return content
    except (urllib.error.URLError, OSError) as error:
        raise RuntimeMissingError(
            f"The AppImage's runtime could not be fetched ({error}). "
            f"Get it from {url} on a computer with a network, and name its file in {VARIABLE}."
        ) from error
