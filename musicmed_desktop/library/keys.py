"""The keys of a locked library, in a small file that the passphrase opens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.errors import UserError

KEYS = "library.key"  # where it is, the library is locked
LOCKING, UNLOCKING = "library.locking", "library.unlocking"  # folders; one is there while the library turns


class LockedError(UserError):
    """The library is locked, and no passphrase was given."""


@dataclass(frozen=True)
class Keys:
    """32 bytes each, drawn once for a library: a passphrase can be changed without touching anything else."""

    index: bytes
    files: bytes


def is_locked(folder: Path) -> bool:
    """Raises UserError where that cannot be told."""
    try:
        return (folder / KEYS).exists()
    except OSError as error:  # such as a name that no system takes
        raise unreadable(folder / KEYS, error) from error


def turning(folder: Path) -> Path | None:
    """The folder with what the library is about to become, where that is decided and not done yet."""
    return next((folder / name for name in (LOCKING, UNLOCKING) if (folder / name).exists()), None)


def refuse_turned(folder: Path, locked: bool) -> None:
    """Raises UserError where the library was opened as it is no longer: `locked`, or not."""
    if is_locked(folder) != locked or turning(folder) is not None:
        title = f"Your sessions were {'unlocked' if locked else 'locked'} in another window."
        raise UserError(title, "Close this one, and open it again.", str(folder))


def new_keys() -> Keys:
    from musicmed_desktop.library.sealing import new_key

    return Keys(new_key(), new_key())


def open_keys(folder: Path, passphrase: str | None) -> Keys | None:
    """The keys of the library in `folder`; None where it is not locked.

    Takes about half a second, as each guess shall. Raises LockedError without a passphrase, WrongPassphraseError with
    a wrong one, UserError where the file cannot be read.
    """
    from musicmed_desktop.library.sealing import KEY_BYTES, unsealed_with

    path = folder / KEYS
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    if passphrase is None:
        raise LockedError("Your sessions are locked.", "Enter your passphrase to open them.", str(path))
    raw = unsealed_with(sealed, passphrase)
    return Keys(raw[:KEY_BYTES], raw[KEY_BYTES:])


def write_keys(folder: Path, keys: Keys, passphrase: str) -> None:
    """In one move: from now on this passphrase opens the library, and no other one."""
    from musicmed_desktop.library.sealing import sealed_with

    content = sealed_with(keys.index + keys.files, passphrase)
    with writing(folder / KEYS):
        write_whole(folder / KEYS, content)
