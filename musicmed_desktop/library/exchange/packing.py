"""The zip inside a session's file: a few files of known names, looked at before anything is unpacked.

Nothing is ever written anywhere by a name that a zip gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from musicmed_desktop.library.exchange.parcel import SOUND
from musicmed_desktop.session.folder import PICTURE, RECORD, SCORE

MANIFEST, ENTRY = "manifest.json", "entry.json"
LIMITS = {  # bytes, several times what a session of an hour has; JSON may swell to thirty times its size in memory
    MANIFEST: 10_000,
    ENTRY: 1_000_000,
    RECORD: 2_000_000,
    SCORE: 4_000_000,
    PICTURE: 2_000_000,
    SOUND: 1 << 30,
}
MOST_BYTES = sum(LIMITS.values())
BEGINNING = b"PK\x03\x04"
_BLOCK = 1 << 16
_ENCRYPTED = 0x1 | 0x40
_HEADER = 30  # bytes before a member's name


class _Bounded(BytesIO):
    """Of which nobody reads much at once, as zipfile does where a directory of gigabytes is declared."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._size = len(content)

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > _BLOCK:
            raise BadZipFile(f"{wanted} bytes are to be read at once")
        return super().read(wanted)


def packed(files: Mapping[str, bytes]) -> bytes:
    """The same files always give the same bytes. Sound is stored, as it does not shrink; the rest is deflated."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, inside in files.items():
            member = ZipInfo(name)
            member.create_system, member.external_attr = 3, 0o600 << 16  # of Unix, on every system
            archive.writestr(member, inside, ZIP_STORED if name == SOUND else ZIP_DEFLATED)
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files by name. Raises ValueError where the zip is damaged, or not as `packed` makes it."""
    try:
        with ZipFile(_Bounded(content)) as archive:
            members = archive.infolist()
            _check(members)
            return {member.filename: _inflated(archive, member) for member in members}
    except MemoryError:
        raise
    except Exception as error:  # zipfile and zlib raise whatever a file that is none leads them to
        raise ValueError(f"it cannot be unpacked: {error}") from error


def _check(members: list[ZipInfo]) -> None:
    names = [member.orig_filename for member in members]
    if len({*names}) < len(names) or not {*names} <= {*LIMITS}:
        raise ValueError(f"{len(names)} files, some of them twice or unknown")
    if not {MANIFEST, ENTRY, RECORD} <= {*names}:
        raise ValueError("a file is missing")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        _check_member(member)
        if member.header_offset < end:
            raise ValueError("two files lie in the same place")
        end = member.header_offset + _HEADER + len(member.filename) + member.compress_size


def _check_member(member: ZipInfo) -> None:
    if max(member.file_size, member.compress_size) > LIMITS[member.filename]:
        raise ValueError(f"{member.filename} would have {member.file_size} bytes")
    if member.flag_bits & _ENCRYPTED:
        raise ValueError(f"{member.filename} is locked")
    ways = (ZIP_STORED,) if member.filename == SOUND else (ZIP_STORED, ZIP_DEFLATED)
    if member.compress_type not in ways:
        raise ValueError(f"{member.filename} is packed in an unusual way")


def _inflated(archive: ZipFile, member: ZipInfo) -> bytes:
    """No more than was declared; zipfile compares the CRC at the end."""
    inflated = BytesIO()
    with archive.open(member) as inside:
        while block := inside.read(_BLOCK):
            inflated.write(block)
    if inflated.tell() != member.file_size:
        raise ValueError(f"{member.filename} is cut off")
    return inflated.getvalue()
