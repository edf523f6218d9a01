"""Whether a model is still what came here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musicmed_desktop.engines.models.checks import check, require_musicgen
from musicmed_desktop.engines.models.files import hashed
from musicmed_desktop.engines.models.manifest import MANIFEST, Manifest, ManifestFile, read_manifest
from musicmed_desktop.engines.models.pieces import belongs, is_weights
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.engines.models.store import Installed
from musicmed_desktop.errors import UserError


def verify(installed: Installed, told: Told = untold, cancelled: Cancelled = nobody) -> tuple[str, ...]:
    """What is wrong with the model, in sentences; none where it is whole, byte for byte as it came.

    Of a folder that somebody put there by hand (`installed.manifest` is None) nobody knows how it came: only whether
    it is a whole model is found out. Raises UserError where MusicGen is not installed, and CancelledError where it was
    stopped.
    """
    require_musicgen()
    if not installed.folder.is_dir():
        return ("It is not there any more.",)
    try:
        manifest = read_manifest(installed.folder)
    except UserError as error:
        return (str(error),)
    wrong = tuple(_compared(installed.folder, manifest, told, cancelled)) if manifest else ()
    return wrong or _structure(installed, manifest)


def _compared(folder: Path, manifest: Manifest, told: Told, cancelled: Cancelled) -> Iterator[str]:
    meter = Meter("checking", manifest.size, told, cancelled)
    for recorded in manifest.files:
        if sentence := _difference(folder, recorded, meter):
            yield sentence
    known = {file.path for file in manifest.files} | {MANIFEST}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if path not in known and (belongs(file.name) or is_weights(file.name)):
            yield f"{path} does not belong to it."


def _difference(folder: Path, recorded: ManifestFile, meter: Meter) -> str:
    file = folder / recorded.path
    try:
        size = file.stat().st_size if file.is_file() else None
        if size == recorded.size:
            return f"{recorded.path} is damaged." if hashed(file, meter) != recorded.sha256 else ""
    except OSError as error:
        return f"{recorded.path} cannot be read: {error.strerror}."
    except UserError as error:
        return error.title
    meter.count(recorded.size)
    return f"{recorded.path} is missing." if size is None else f"{recorded.path} has {size} bytes, not {recorded.size}."


def _structure(installed: Installed, manifest: Manifest | None) -> tuple[str, ...]:
    try:
        checked = check(installed.folder)
    except UserError as error:
        return (error.title,)
    if manifest and checked.kind != manifest.kind:
        return ("Its record says that it is something else.",)
    return ()
