"""Contents that nobody reads without the key or the passphrase, and nobody changes unnoticed.

AES-256-GCM and scrypt as `cryptography` offers them, and nothing of our own between them. Sealed by key:
magic, nonce, ciphertext and tag. Sealed by passphrase: magic, salt, nonce, ciphertext and tag. The last byte
of a magic is the version, which fixes all parameters; none is ever taken from the file.
"""

from __future__ import annotations

import os
import unicodedata
from io import BytesIO

from musicmed_desktop.amounts import amount
from musicmed_desktop.errors import UserError

KEY_BYTES = 32  # AES-256
_NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.2; random, good for 2**32 contents under one key (8.3)
_TAG_BYTES = 16
_SALT_BYTES = 16
_MOST = 2**31 - 1 - _TAG_BYTES  # what AESGCM of `cryptography` takes at once, sealed
_BY_KEY = b"musicmed-sealed\x01"
_BY_PASSPHRASE = b"musicmed-locked\x01"
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}  # 128 MiB; OWASP Password Storage Cheat Sheet


class DamagedError(ValueError):
    """Sealed content was changed or exchanged, or the key is another one's."""


class WrongPassphraseError(UserError):
    """The passphrase is another one, or the content was changed; nobody can tell which."""


def new_key() -> bytes:
    """A random key of KEY_BYTES."""
    return os.urandom(KEY_BYTES)


def sealed(content: bytes, key: bytes, about: str) -> bytes:
    """`content` as only the holder of `key` can read it.

    `about` says what it is, such as "ID/session.flac"; it is not stored, and only the same opens it again, so
    that nobody can pass one content off as another. Raises UserError where it is larger than 2 GiB.
    """
    return _encrypted(content, key, _BY_KEY, about.encode())


def unsealed(content: bytes, key: bytes, about: str) -> bytes:
    """What was `sealed` with the same key and `about`; DamagedError where anything differs."""
    return _decrypted(content, key, _BY_KEY, about.encode())


def sealed_with(content: bytes, passphrase: str) -> bytes:
    """`content` as only those who know `passphrase` can read it; takes a third of a second and 128 MiB.

    Raises UserError where there is no passphrase, or where the content is larger than 2 GiB.
    """
    salt = os.urandom(_SALT_BYTES)
    return _encrypted(content, _key_from(_secret(passphrase), salt), _BY_PASSPHRASE + salt)


def unsealed_with(content: bytes, passphrase: str) -> bytes:
    """What was `sealed_with` the same passphrase.

    Raises WrongPassphraseError where it is another one or the content was changed, and UserError where a newer
    version of the program sealed it.
    """
    head = content[: len(_BY_PASSPHRASE) + _SALT_BYTES]
    if is_sealed_with(head) and head[: len(_BY_PASSPHRASE)] != _BY_PASSPHRASE:
        raise UserError("This was locked with a newer version of MusicMed Desktop.", "Update the program.")
    try:
        return _decrypted(content, _key_from(_secret(passphrase), head[len(_BY_PASSPHRASE) :]), head)
    except DamagedError as error:
        hint = "Type it again, and mind capitals and the keyboard's language. If it is right, the file was changed."
        raise WrongPassphraseError("The passphrase does not fit.", hint) from error


def is_sealed_with(head: bytes) -> bool:
    """Whether what begins with `head`, 16 bytes or more, asks for a passphrase."""
    return head.startswith(_BY_PASSPHRASE[:-1])


def _encrypted(content: bytes, key: bytes, head: bytes, about: bytes = b"") -> bytes:
    """Encrypted into its place behind the head: a session of hundreds of megabytes is copied once, not twice."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(content) > _MOST:
        raise UserError(f"{amount(len(content))} are too much to be locked.", "Choose a shorter session.")
    nonce = os.urandom(_NONCE_BYTES)
    whole = BytesIO(head + nonce)
    whole.seek(len(head) + _NONCE_BYTES + len(content) + _TAG_BYTES - 1)
    whole.write(b"\0")
    with whole.getbuffer() as room, room[len(head) + _NONCE_BYTES :] as place:
        AESGCM(key).encrypt_into(nonce, content, head + about, place)
    return whole.getvalue()


def _decrypted(content: bytes, key: bytes, head: bytes, about: bytes = b"") -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    start = len(head) + _NONCE_BYTES
    if not content.startswith(head) or not start + _TAG_BYTES <= len(content) <= start + _MOST + _TAG_BYTES:
        raise DamagedError("this is not what was sealed")
    nonce = content[len(head) : start]
    try:
        return AESGCM(key).decrypt(nonce, memoryview(content)[start:], head + about)
    except InvalidTag as error:
        raise DamagedError("the sealed content was changed, or the key is another one's") from error


def _key_from(secret: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=KEY_BYTES, **_SCRYPT).derive(secret)


def _secret(passphrase: str) -> bytes:
    """The same bytes on every keyboard and system: RFC 8265, OpaqueString (spaces to U+0020, then NFC)."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in passphrase)
    if not spaced:
        raise UserError("The passphrase is empty.", "Type at least one letter; several words are far better.")
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")
