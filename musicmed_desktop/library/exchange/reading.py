"""A session read from a file that anybody may have made."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange.documents import parsed, read_document, refuse_newer
from musicmed_desktop.library.exchange.entries import entry_from
from musicmed_desktop.library.exchange.envelope import opened, refusing
from musicmed_desktop.library.exchange.manifest import check_manifest
from musicmed_desktop.library.exchange.packing import BEGINNING, ENTRY, MANIFEST, MOST_BYTES, unpacked
from musicmed_desktop.library.exchange.parcel import SOUND, SUFFIX, Parcel, check_fit, check_record
from musicmed_desktop.library.exchange.sound import check_sound
from musicmed_desktop.plan.prescription import SCHEMA_VERSION as PRESCRIPTION_VERSION
from musicmed_desktop.session.folder import PICTURE, RECORD, SCORE
from musicmed_desktop.session.record import SCHEMA_VERSION, SessionRecord
from musicmed_desktop.session.trajectory import trajectory_svg


def read_parcel(path: Path, passphrase: str | None = None) -> Parcel:
    """The session in the file; nothing is written anywhere.

    Its sound was decoded to the end, and its picture is drawn anew: one from elsewhere may hold scripts. Raises
    UserError where the file cannot be read, is damaged or hostile, or comes from a newer version;
    PassphraseNeededError where it is locked and no passphrase was given, WrongPassphraseError where it is not
    this one.
    """
    with refusing(path):
        return _parcel(unpacked(_zip(path, passphrase)))


def _zip(path: Path, passphrase: str | None) -> bytes:
    content = opened(path, MOST_BYTES, passphrase)
    if not content.startswith(BEGINNING):
        raise UserError(f"{path.name} is not a MusicMed session.", f"Choose a file that ends in {SUFFIX}.")
    return content


def _parcel(files: dict[str, bytes]) -> Parcel:
    check_manifest(files.pop(MANIFEST), files)
    entry, record = entry_from(files.pop(ENTRY)), _record(files.pop(RECORD))
    check_fit(entry, record)
    if SOUND in files:
        check_sound(files[SOUND], record.audio)
    if SCORE in files and not files[SCORE].startswith(b"MThd"):
        raise ValueError("the score is not MIDI")
    return Parcel(entry, record, files | {PICTURE: trajectory_svg(record).encode()})


def _record(content: bytes) -> SessionRecord:
    document = read_document(content, SCHEMA_VERSION)
    prescription = document.get("prescription")
    if isinstance(prescription, dict):
        refuse_newer(prescription.get("schema_version"), PRESCRIPTION_VERSION)
    record = parsed(SessionRecord, document)
    check_record(record)
    return record
