"""A session written into one file."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange.entries import entry_bytes
from musicmed_desktop.library.exchange.envelope import put
from musicmed_desktop.library.exchange.manifest import manifest_bytes
from musicmed_desktop.library.exchange.packing import ENTRY, LIMITS, MANIFEST, packed
from musicmed_desktop.library.exchange.parcel import Parcel, check_fit, check_record
from musicmed_desktop.session.folder import RECORD


def write_parcel(parcel: Parcel, target: Path, passphrase: str | None = None) -> None:
    """Write the session to `target`, whole or not at all; with a passphrase nobody reads it without.

    Raises UserError where the disk refuses, and where no other library would take the session.
    """
    try:
        files = _checked(parcel)
    except ValueError as error:
        hint = "Shorten the note if it is very long, and let the library be checked."
        raise UserError("This session cannot be sent as it is.", hint, str(error)) from error
    put(target, packed({MANIFEST: manifest_bytes(files), **files}), passphrase)


def _checked(parcel: Parcel) -> dict[str, bytes]:
    check_record(parcel.record)
    check_fit(parcel.entry, parcel.record)
    record = parcel.record.to_json().encode()
    files = {ENTRY: entry_bytes(parcel.entry), RECORD: record, **parcel.files}
    for name, content in files.items():
        if len(content) > LIMITS[name]:
            raise ValueError(f"{name} has {len(content)} bytes")
    return files
