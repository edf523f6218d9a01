"""The optional lock: all that the library keeps is encrypted, and only the passphrase opens it.

What is still told by a locked library: how many sessions there are, how large their files are, and when they were
written.
"""

from musicmed_desktop.library.keys import LockedError, is_locked
from musicmed_desktop.library.locking.passphrase import FORGOTTEN, LEAST_LENGTH, REMAINS, change_passphrase
from musicmed_desktop.library.locking.turn import lock, unlock
from musicmed_desktop.library.sealing import WrongPassphraseError

__all__ = [
    "FORGOTTEN",
    "LEAST_LENGTH",
    "REMAINS",
    "LockedError",
    "WrongPassphraseError",
    "change_passphrase",
    "is_locked",
    "lock",
    "unlock",
]
