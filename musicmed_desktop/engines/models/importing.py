"""A model from a folder, a zip file or a hub's cache, verified before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.engines.models.arriving import Brought, brought
from musicmed_desktop.engines.models.catalogue import Entry, catalogue, recognized
from musicmed_desktop.engines.models.checks import Checked, check, require_musicgen
from musicmed_desktop.engines.models.files import StoredFile, copied
from musicmed_desktop.engines.models.fitting import base_of
from musicmed_desktop.engines.models.licences import require_accepted
from musicmed_desktop.engines.models.manifest import Kind, Manifest, listed, write_manifest
from musicmed_desktop.engines.models.names import check_name
from musicmed_desktop.engines.models.pieces import Piece, is_weights
from musicmed_desktop.engines.models.present import refuse_present
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.engines.models.space import require_space
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.engines.models.trees import erase
from musicmed_desktop.errors import UserError

_LICENCES: dict[Kind, str] = {"model": "CC-BY-NC-4.0", "adapter": "", "evaluation": ""}  # of what nobody recognizes
_NEAR = 0.01  # the catalogue does not know the sizes of all files, but what they are together


@dataclass(frozen=True)
class Arrival:
    """What somebody brings: `size` in bytes; `licence` is an id of the catalogue's, "" where it is not known."""

    path: Path
    name: str
    kind: Kind
    size: int
    licence: str


def look_at(path: Path) -> Arrival:
    """What is at `path`, at a glance: nothing is copied or checked yet. Raises UserError where it is no model."""
    with brought(path) as it:
        entry = _claimed(it, None)
        return Arrival(path, entry.name if entry else it.name, it.model.kind, it.model.size, _licence(it, entry))


def import_model(
    path: Path, store: Store, name: str | None = None, told: Told = untold, cancelled: Cancelled = nobody
) -> Installed:
    """Copy the model at `path` into the store, under `name` or its own.

    Raises UserError where there is none or it is damaged, its licence was not accepted, it is here already, or the disk
    is too small; CancelledError where it was stopped. The store is then as before; only what was staged of a download
    under the same name is gone.
    """
    require_musicgen()
    with brought(path) as it:
        entry = _claimed(it, name)
        place = name or (entry.name if entry else it.name)
        check_name(place)
        require_accepted(store, _licence(it, entry))
        refuse_present(store, place, it.model, told, cancelled)
        require_space(store.folder, it.model.size, place)
        with store.staging(place) as staged, _emptied(staged):
            files = _copy(it, staged, Meter("copying", it.model.size, told, cancelled))
            found = recognized(files)
            if entry and found != entry:
                raise _damaged(path, entry, files)
            with _as_of(path, staged):
                checked = check(staged)
                base = base_of(staged, store) if checked.kind == "adapter" else ""
            manifest = _manifest(name or (found.name if found else place), path, checked, base, files, found)
            require_accepted(store, manifest.licence)
            write_manifest(staged, manifest)
            return store.place(manifest.name, staged)


def _claimed(it: Brought, name: str | None) -> Entry | None:
    """The entry that it says to be: by the sizes of its weights, unless it was given another name, or by its name."""
    here = {piece.path: piece.size for piece in it.model.pieces if is_weights(piece.path)}
    for entry in catalogue():
        weights = [file for file in entry.files if is_weights(file.path)]
        if {file.path for file in weights} != here.keys() or not all(file.sha256 for file in weights):
            continue
        exact = all(file.size == here[file.path] for file in weights)
        near = abs(sum(here.values()) - entry.download) < _NEAR * entry.download
        if (exact and not name) or (near and entry.name == (name or it.name)):
            return entry
    return None


def _licence(it: Brought, entry: Entry | None) -> str:
    return entry.licence if entry else _LICENCES[it.model.kind]


def _copy(it: Brought, staged: Path, meter: Meter) -> list[StoredFile]:
    files = []
    for piece in it.model.pieces:
        sha256 = copied(_measured(it.path, piece), staged / piece.path, meter)
        if piece.sha256 and sha256 != piece.sha256:
            raise _differs(it.path, piece.path, f"SHA-256 {sha256}; expected {piece.sha256}")
        files.append(StoredFile(piece.path, piece.size, sha256))
    return files


def _measured(path: Path, piece: Piece) -> Iterator[bytes]:
    """The contents, never more than there should be."""
    left = piece.size
    for block in piece.read():
        left -= len(block)
        if left < 0:
            break
        yield block
    if left:
        raise UserError(f"{piece.path} in {path} has changed while it was copied.", "Import the model again.")


def _damaged(path: Path, entry: Entry, files: list[StoredFile]) -> UserError:
    known = {file.path: file.sha256 for file in entry.files}
    wrong = next((file for file in files if known.get(file.path) not in (None, "", file.sha256)), files[0])
    error = _differs(path, wrong.path, f"SHA-256 {wrong.sha256}; expected {known.get(wrong.path)}")
    return UserError(
        f"{error.title[:-1]}: it is not that of {entry.title}.",
        f"{error.hint} If it is a model of your own, import it under another name.",
        error.detail,
    )


def _differs(path: Path, name: str, detail: str) -> UserError:
    return UserError(f"{name} in {path} is damaged.", "Copy or download the model again.", detail)


def _manifest(
    name: str, path: Path, checked: Checked, base: str, files: list[StoredFile], found: Entry | None
) -> Manifest:
    licence = found.licence if found else _LICENCES[checked.kind]
    return Manifest(
        name=name,
        kind=checked.kind,
        title=found.title if found else name.replace("-", " ").replace("_", " "),
        source=f"imported from {path.absolute().name}",
        licence=licence,
        base=base,
        files=listed(files),
    )


@contextmanager
def _emptied(staged: Path) -> Iterator[None]:
    """`staged` begins empty, and is gone where the work fails."""
    try:
        erase(staged)
        staged.mkdir(exist_ok=True)
        yield
    except BaseException:
        erase(staged)
        raise


@contextmanager
def _as_of(path: Path, staged: Path) -> Iterator[None]:
    """Complaints about the copy are about what was brought, which a person knows."""
    try:
        yield
    except UserError as error:
        title, hint, detail = (text.replace(str(staged), str(path)) for text in (error.title, error.hint, error.detail))
        raise UserError(title, hint, detail) from error
