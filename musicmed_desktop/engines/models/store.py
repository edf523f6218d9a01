"""The folder of the models: each in a folder of its own, whole or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.disk import hold, settle_names, unwritable
from musicmed_desktop.engines.choice import ADAPTER_FILE
from musicmed_desktop.engines.models.manifest import MANIFEST, Kind, Manifest, read_manifest
from musicmed_desktop.engines.models.names import REMOVED, check_name
from musicmed_desktop.engines.models.trees import bytes_in, erase, settle
from musicmed_desktop.engines.models.wording import plain
from musicmed_desktop.engines.musicgen.installed import is_checkpoint
from musicmed_desktop.errors import UserError

STAGING = ".staging"


@dataclass(frozen=True)
class Installed:
    """A model or adapter on this computer. `manifest` is None where somebody put the folder there by hand."""

    name: str
    folder: Path
    kind: Kind
    manifest: Manifest | None

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        if self.manifest:
            return self.manifest.size
        return bytes_in(self.folder)


class Store:
    """The models in `folder`. Nothing is made before something is stored; several programs may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def installed(self) -> tuple[Installed, ...]:
        """All that is here, by name; none where the folder does not exist or may not be read."""
        try:
            folders = sorted(folder for folder in self.folder.iterdir() if not folder.name.startswith("."))
        except OSError:
            return ()
        return tuple(found for folder in folders if (found := _look(folder)))

    def named(self, name: str) -> Installed | None:
        """None where it is not here."""
        return next((each for each in self.installed() if each.name == name), None)

    def find(self, name: str) -> Installed:
        """Raises UserError where it is not here."""
        found = self.named(name)
        if found is None:
            names = ", ".join(plain(each.name) for each in self.installed())
            hint = f"Here are: {names}." if names else "No model is here yet."
            raise UserError(f"{plain(name) or repr(name)} is not on this computer.", hint)
        return found

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """A folder where `name` is put together; what a killed program left there is still there.

        Raises UserError where `name` is none, is here already, or another program is at it, and where the disk refuses.
        """
        check_name(name)
        folder = self.folder / STAGING / name
        self._refuse_present(name)
        with ExitStack() as stack:
            try:
                folder.parent.mkdir(parents=True, exist_ok=True)
                if not stack.enter_context(_locked(folder.with_name(f"{name}.lock"))):
                    raise UserError(f"{name} is being installed already.", "Wait until that has ended.")
                self.sweep()
                folder.mkdir(exist_ok=True)
            except OSError as error:
                raise unwritable(folder, error) from error
            yield folder

    def place(self, name: str, staged: Path) -> Installed:
        """Move the whole model in `staged`, with its manifest, under its name in one move."""
        target = self.folder / name
        try:
            settle(staged)
            self._refuse_present(name)
            staged.rename(target)
            settle_names(self.folder)
        except OSError as error:
            raise unwritable(target, error) from error
        return self.find(name)

    def discard(self, name: str) -> None:
        """Throw away what was staged of `name`. Raises UserError where it is in use."""
        with self.staging(name) as folder:
            erase(folder)

    def staged(self, name: str) -> int:
        """How many bytes of `name` are staged, as after a download that was stopped."""
        return bytes_in(self.folder / STAGING / name)

    def half_done(self) -> tuple[str, ...]:
        """The names of what is staged: on its way, stopped, or left by a program that was killed."""
        return tuple(folder.name for folder in self._in_staging() if not folder.name.endswith(REMOVED))

    def sweep(self) -> None:
        """Erase what killed removals left."""
        for folder in self._in_staging():
            if folder.name.endswith(REMOVED):
                erase(folder)

    def remove(self, name: str) -> None:
        """Take `name` away; at any moment it is here whole or not here. Raises UserError where the disk refuses."""
        folder = self.find(name).folder
        away = self.folder / STAGING / f"{name}{REMOVED}"
        try:
            away.parent.mkdir(parents=True, exist_ok=True)
            self.sweep()
            folder.rename(away)
        except OSError as error:
            raise UserError(f"{plain(name)} could not be removed.", _why_it_stays(folder), str(error)) from error
        erase(away)

    def _in_staging(self) -> list[Path]:
        """Its folders; none where it may not be read."""
        try:
            return sorted(inside for inside in (self.folder / STAGING).iterdir() if inside.is_dir())
        except OSError:
            return []

    def _refuse_present(self, name: str) -> None:
        if os.path.lexists(self.folder / name):
            raise UserError(f"{name} is already on this computer.", "Remove it first, or choose another name.")


@contextmanager
def _locked(lock: Path) -> Iterator[bool]:
    """Whether the lock is ours; it goes with whoever has it, and leaves no file behind."""
    with lock.open("ab") as file:
        ours = hold(file) and _is_at(file, lock)
        try:
            yield ours
        finally:
            if ours and os.name != "nt":  # Windows deletes nothing that is open
                lock.unlink(missing_ok=True)


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Whether `path` still leads to the open file: its last owner may have deleted it between opening and locking."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _why_it_stays(folder: Path) -> str:
    if os.name == "nt":  # which keeps what is open
        return "It may be in use: stop the music, then try again."
    return f"You may not change {folder.parent}, or its disk is read-only."


def _look(folder: Path) -> Installed | None:
    """What is in `folder`: by its manifest, or by the looks of it where somebody put it there by hand."""
    try:
        manifest = read_manifest(folder)
    except UserError:
        manifest = None  # `verify` tells
    if manifest:
        return Installed(folder.name, folder, manifest.kind, manifest)
    if is_checkpoint(folder):
        return Installed(folder.name, folder, "model", None)
    with suppress(OSError):  # what may not be looked at is nothing for us
        if (folder / ADAPTER_FILE).is_file():
            return Installed(folder.name, folder, "adapter", None)
        if (folder / MANIFEST).is_file():  # damaged, but ours: it can be looked at and removed
            return Installed(folder.name, folder, "evaluation", None)
    return None
