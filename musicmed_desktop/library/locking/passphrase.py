"""Which passphrases are taken, what is said before one is chosen, and how it is changed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.keys import open_keys, write_keys
from musicmed_desktop.library.turning import exchange_keys, preparing

# The least that NIST SP 800-63B-4, 3.1.1.2 allows for any password, and no rules about digits and signs, as it wants.
# It asks for 15 where nothing but the password protects. We advise several words, and do not force them: who forgets a
# long one loses everything, and each guess costs a third of a second and 128 MiB.
LEAST_LENGTH = 8

FORGOTTEN = (
    "If you forget the passphrase, your sessions are lost for good. Nobody can bring them back: not you, not your "
    "therapist, not the makers of this program. Write it down and keep it in a safe place, away from this computer."
)
REMAINS = (
    "What you have exported or sent, and backups made before, stay readable. Experts may find traces of the unlocked "
    "files on the disk for a time; only a disk that is encrypted as a whole prevents that."
)


def check_new(passphrase: str) -> None:
    """Raises UserError where it is too short to protect anything."""
    if len(unicodedata.normalize("NFC", passphrase).strip()) < LEAST_LENGTH:
        hint = f"Take at least {LEAST_LENGTH} characters. Four words that only you would put together are best."
        raise UserError("The passphrase is too short.", hint)


def change_passphrase(folder: Path, old: str, new: str) -> None:
    """From now on `new` opens the library in `folder`, and `old` does not; takes about a second.

    At any moment one of them does. Raises WrongPassphraseError where `old` is another one, UserError where `new` is
    too short, the library is not locked, or the disk refuses.
    """
    check_new(new)
    with preparing(folder) as place:
        keys = open_keys(folder, old)
        if keys is None:
            raise not_locked(folder)
        write_keys(place, keys, new)
        exchange_keys(folder)


def not_locked(folder: Path) -> UserError:
    return UserError("Your sessions are not locked.", "There is nothing to do.", str(folder))
