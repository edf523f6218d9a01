"""What is sealed comes back for its key or passphrase alone, and not at all where a bit was changed."""

from __future__ import annotations

import mmap
import random

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.sealing import (
    KEY_BYTES,
    DamagedError,
    WrongPassphraseError,
    is_sealed_with,
    new_key,
    sealed,
    sealed_with,
    unsealed,
    unsealed_with,
)

NOTE = b"Dear diary, I felt anxious."
ABOUT = "0123/session.flac"
PASSPHRASE = "caf\u00e9 au lait"


@pytest.fixture(scope="module")
def locked() -> bytes:
    return sealed_with(NOTE, PASSPHRASE)


def test_keys_are_random_and_of_256_bits() -> None:
    assert KEY_BYTES == 32 == len(new_key())
    assert new_key() != new_key()


@pytest.mark.parametrize("content", [b"", b"x", NOTE, bytes(100_000)])
def test_the_key_opens_what_it_sealed(content: bytes) -> None:
    key = new_key()
    closed = sealed(content, key, ABOUT)
    assert unsealed(closed, key, ABOUT) == content
    assert len(closed) == 16 + 12 + len(content) + 16


def test_nothing_of_the_content_is_readable_and_no_two_seals_are_alike() -> None:
    key = new_key()
    first, second = sealed(NOTE, key, ABOUT), sealed(NOTE, key, ABOUT)
    assert first != second
    assert not any(NOTE[at : at + 4] in first for at in range(len(NOTE) - 3))


def test_another_key_or_another_place_does_not_open_it() -> None:
    key = new_key()
    closed = sealed(NOTE, key, ABOUT)
    with pytest.raises(DamagedError):
        unsealed(closed, new_key(), ABOUT)
    with pytest.raises(DamagedError):
        unsealed(closed, key, "4567/session.flac")


def test_a_changed_bit_anywhere_and_a_cut_anywhere_are_found() -> None:
    key = new_key()
    closed = sealed(NOTE, key, ABOUT)
    for bit in range(8 * len(closed)):
        changed = bytearray(closed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DamagedError):
            unsealed(bytes(changed), key, ABOUT)
    for length in range(len(closed)):
        with pytest.raises(DamagedError):
            unsealed(closed[:length], key, ABOUT)
    with pytest.raises(DamagedError):
        unsealed(closed + b"\0", key, ABOUT)


def test_the_layout_is_aes_gcm_as_documented() -> None:
    """Opened with the primitive itself, as a stranger would from the documentation."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = new_key()
    closed = sealed(NOTE, key, ABOUT)
    magic, nonce, rest = closed[:16], closed[16:28], closed[28:]
    assert AESGCM(key).decrypt(nonce, rest, magic + ABOUT.encode()) == NOTE


def test_the_passphrase_opens_what_it_sealed(locked: bytes) -> None:
    assert is_sealed_with(locked[:16])
    assert NOTE not in locked
    assert unsealed_with(locked, PASSPHRASE) == NOTE


def test_the_passphrase_may_be_typed_on_any_system(locked: bytes) -> None:
    """A Mac takes the accent apart; some keyboards give a no-break space."""
    assert unsealed_with(locked, "cafe\u0301\u00a0au lait") == NOTE


def test_the_key_of_a_passphrase_is_scrypt_as_owasp_asks(locked: bytes) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    key = Scrypt(salt=locked[16:32], length=32, n=2**17, r=8, p=1).derive(PASSPHRASE.encode())
    assert AESGCM(key).decrypt(locked[32:44], locked[44:], locked[:32]) == NOTE


def test_a_wrong_passphrase_is_told_as_such(locked: bytes) -> None:
    with pytest.raises(WrongPassphraseError) as told:
        unsealed_with(locked, "Caf\u00e9 au lait")
    assert told.value.title == "The passphrase does not fit."


def test_a_changed_content_does_not_open(locked: bytes) -> None:
    for place in (20, 35, 50, len(locked) - 1):  # salt, nonce, ciphertext, tag
        changed = bytearray(locked)
        changed[place] ^= 1
        with pytest.raises(WrongPassphraseError):
            unsealed_with(bytes(changed), PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        unsealed_with(locked[:30], PASSPHRASE)


def test_what_a_newer_version_locked_is_told_as_such(locked: bytes) -> None:
    newer = locked[:15] + b"\x02" + locked[16:]
    assert is_sealed_with(newer)
    with pytest.raises(UserError, match="newer version"):
        unsealed_with(newer, PASSPHRASE)


def test_an_empty_passphrase_is_none() -> None:
    with pytest.raises(UserError, match="empty"):
        sealed_with(NOTE, "")


def test_other_contents_need_no_passphrase() -> None:
    chance = random.Random(6)
    assert not any(is_sealed_with(chance.randbytes(16)) for _ in range(100))
    assert not is_sealed_with(b"")
    assert not is_sealed_with(sealed(NOTE, new_key(), ABOUT)[:16])


def test_what_is_too_large_for_the_cipher_is_refused() -> None:
    with mmap.mmap(-1, 2**31) as vast, pytest.raises(UserError, match="too much"):  # takes no memory
        sealed(vast, new_key(), ABOUT)  # type: ignore[arg-type]
