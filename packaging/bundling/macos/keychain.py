"""The certificate to sign with, on a computer that has none of its own, such as GitHub's.

MUSICMED_SIGN_CERTIFICATE is it, with its key: a .p12 file in base64; MUSICMED_SIGN_CERTIFICATE_PASSWORD opens it.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bundling.macos.tools import call, setting

CERTIFICATE = "MUSICMED_SIGN_CERTIFICATE"
PASSWORD = "MUSICMED_SIGN_CERTIFICATE_PASSWORD"


@contextmanager
def unlocked(scratch: Path) -> Generator[None]:
    """For as long as it is needed the certificate lies in a keychain of its own, which goes away after it.

    Without a certificate in the environment nothing is done: the person's own keychain counts. Raises BundleError.
    """
    certificate = setting(CERTIFICATE)
    if certificate is None:
        yield
        return
    keychain, before = scratch / "signing.keychain-db", _searched()
    password = secrets.token_urlsafe()
    call("security", "create-keychain", "-p", password, keychain)
    try:
        call("security", "set-keychain-settings", "-t", "7200", keychain)  # seconds until it locks itself
        call("security", "unlock-keychain", "-p", password, keychain)
        _import(base64.b64decode(certificate), keychain, scratch / "signing.p12")
        # Else a window would ask whether codesign may use the key.
        tools = ("-S", "apple-tool:,apple:", "-s", "-k", password)
        call("security", "set-key-partition-list", *tools, keychain)
        call("security", "list-keychains", "-d", "user", "-s", keychain, *before)
        yield
    finally:
        call("security", "list-keychains", "-d", "user", "-s", *before)
        call("security", "delete-keychain", keychain)


def _import(certificate: bytes, keychain: Path, file: Path) -> None:
    file.touch(mode=0o600)
    file.write_bytes(certificate)
    try:
        call("security", "import", file, "-k", keychain, "-P", setting(PASSWORD) or "", "-T", "/usr/bin/codesign")
    finally:
        file.unlink()


def _searched() -> list[str]:
    """The keychains in which macOS looks for certificates."""
    return [line.strip().strip('"') for line in call("security", "list-keychains", "-d", "user").splitlines()]
