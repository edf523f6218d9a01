"""From the hub into the store: fetched beside, checked whole, and only then moved under its name."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha1
from pathlib import Path

from musicmed_desktop.disk import writing
from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.checks import Checked, check, require_musicgen
from musicmed_desktop.engines.models.files import StoredFile, blocks, hashed
from musicmed_desktop.engines.models.hub import Hub, Remote
from musicmed_desktop.engines.models.licences import require_accepted
from musicmed_desktop.engines.models.manifest import Manifest, listed, write_manifest
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.engines.models.space import require_space
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.engines.models.trees import erase
from musicmed_desktop.errors import UserError

_PART = ".part"


def download(entry: Entry, store: Store, hub: Hub, told: Told = untold, cancelled: Cancelled = nobody) -> Installed:
    """Fetch `entry`'s files, or what is missing of them since last time, and install them.

    Raises UserError where its licence was not accepted, it is here already or on its way, the disk is too small, the
    hub does not give it, or what arrived is not right; CancelledError where it was stopped. The store is then as it
    was, and what arrived is staged for the next time, save a file that is wrong.
    """
    require_accepted(store, entry.licence)
    require_musicgen()  # before gigabytes are fetched that nobody could look into
    with store.staging(entry.name) as staged:
        try:
            remotes = tuple(remote for source in entry.sources for remote in hub.describe(source, cancelled))
            parts = {staged / f"{remote.path}.{remote.mark}{_PART}": remote for remote in remotes}
            _tidy(staged, parts)
            require_space(staged, _size(parts) - _fetched(parts), entry.title)
            _fetch(parts, hub, told, cancelled)
            files = _verified(parts, told, cancelled)
            checked = _checked(entry, staged, parts)
            write_manifest(staged, _manifest(entry, checked, files))
            return store.place(entry.name, staged)
        finally:
            with suppress(OSError):
                staged.rmdir()  # where nothing has arrived


def _tidy(staged: Path, parts: dict[Path, Remote]) -> None:
    """Leave only parts of these versions of the files; what was killed while it was named is a part again."""
    with writing(staged):
        for part, remote in parts.items():
            named = staged / remote.path
            if named.is_file() and not part.exists():
                named.replace(part)
        for path in sorted(staged.rglob("*"), reverse=True):  # a folder comes after what it holds
            if path.is_dir() and not path.is_symlink():
                with suppress(OSError):
                    path.rmdir()  # where nothing is left in it
            elif path not in parts:
                path.unlink()


def _fetch(parts: dict[Path, Remote], hub: Hub, told: Told, cancelled: Cancelled) -> None:
    meter = Meter("downloading", _size(parts), told, cancelled, begin_at=_fetched(parts))
    for part, remote in parts.items():
        hub.fetch(remote, part, meter)


def _verified(parts: dict[Path, Remote], told: Told, cancelled: Cancelled) -> list[StoredFile]:
    """All files, whatever was believed of them before. One that is wrong is thrown away, and UserError raised."""
    meter = Meter("checking", _size(parts), told, cancelled)
    files = []
    for part, remote in parts.items():
        sha256 = hashed(part, meter)
        right = sha256 == remote.sha256 if remote.sha256 else _blob(part) == remote.blob
        if not right:
            with writing(part):
                part.unlink()
            raise UserError(
                f"{remote.path} has arrived damaged.",
                "Download again: only this file is fetched once more.",
                f"SHA-256 {sha256}; expected {remote.sha256 or 'blob ' + remote.blob}",
            )
        files.append(StoredFile(remote.path, remote.size, sha256))
    return files


def _checked(entry: Entry, staged: Path, parts: dict[Path, Remote]) -> Checked:
    """Give the files their names, and look at what they are together; the hub would send the same again, so that they
    are thrown away where they are no model."""
    with writing(staged):
        for part, remote in parts.items():
            with part.open("rb+") as written:  # what a program that was killed fetched may not be on the disk yet
                os.fsync(written.fileno())
            part.replace(staged / remote.path)
    try:
        checked = check(staged)
        if checked.kind != entry.kind:
            raise UserError(f"{entry.title} is not what its name says.", "Choose another model.", checked.kind)
    except UserError:
        erase(staged)
        raise
    return checked


def _manifest(entry: Entry, checked: Checked, files: list[StoredFile]) -> Manifest:
    return Manifest(
        name=entry.name,
        kind=entry.kind,
        title=entry.title,
        source=", ".join(f"{source.repository}@{source.revision}" for source in entry.sources),
        licence=entry.licence,
        base=checked.base or entry.base,
        files=listed(files),
    )


def _size(parts: dict[Path, Remote]) -> int:
    return sum(remote.size for remote in parts.values())


def _fetched(parts: dict[Path, Remote]) -> int:
    return sum(part.stat().st_size for part in parts if part.exists())


def _blob(file: Path) -> str:
    """What git calls the file: the SHA-1 of its size and its contents."""
    digest = sha1(b"blob %d\0" % file.stat().st_size, usedforsecurity=False)
    for block in blocks(file):
        digest.update(block)
    return digest.hexdigest()
