"""Tags inside sound files (mutagen)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

from musicmed_desktop.audio.files import Format
from musicmed_desktop.library.export.cover import SIDE
from musicmed_desktop.library.export.tags import Tags

if TYPE_CHECKING:
    from mutagen.flac import Picture
    from mutagen.id3 import ID3

_FRONT = 3  # the type of a picture that is the front cover, in ID3 as in FLAC
_PNG = "image/png"


def put_tags(file: BinaryIO, format: Format, tags: Tags) -> None:
    """Write `tags` into the sound file that is open for reading and writing. Raises OSError."""
    from mutagen import MutagenError

    file.seek(0)
    try:
        _WAYS[format](file, tags)
    except MutagenError as error:
        if error.args and isinstance(error.args[0], OSError):  # mutagen wraps what the disk says
            raise error.args[0] from error
        raise


def _into_flac(file: BinaryIO, tags: Tags) -> None:
    from mutagen.flac import FLAC

    sound = FLAC(file)
    sound.update(_comments(tags))
    if tags.cover:
        sound.add_picture(_picture(tags.cover))
    file.seek(0)
    sound.save(file)


def _into_ogg(file: BinaryIO, tags: Tags) -> None:
    """The cover as https://wiki.xiph.org/VorbisComment#METADATA_BLOCK_PICTURE has it."""
    from base64 import b64encode

    from mutagen.oggvorbis import OggVorbis

    sound = OggVorbis(file)
    sound.update(_comments(tags))
    if tags.cover:
        sound["metadata_block_picture"] = b64encode(_picture(tags.cover).write()).decode("ascii")
    file.seek(0)
    sound.save(file)


def _into_mp3(file: BinaryIO, tags: Tags) -> None:
    from mutagen.id3 import ID3

    frames = ID3()
    _fill(frames, tags)
    frames.save(file, v1=0, v2_version=3)


def _into_wav(file: BinaryIO, tags: Tags) -> None:
    from mutagen.wave import WAVE

    sound: Any = WAVE(file)
    sound.add_tags()
    _fill(sound.tags, tags)
    file.seek(0)
    sound.tags.save(file, v2_version=3)


def _comments(tags: Tags) -> dict[str, str]:
    """Vorbis comments: the names of https://www.xiph.org/vorbis/doc/v-comment.html, and the usual one for remarks."""
    named = {"title": tags.title, "artist": tags.artist, "album": tags.album, "date": tags.date}
    return {name: value for name, value in {**named, "comment": tags.comment}.items() if value}


def _picture(cover: bytes) -> Picture:
    from mutagen.flac import Picture

    picture = Picture()
    picture.type, picture.mime, picture.data = _FRONT, _PNG, cover
    picture.width = picture.height = SIDE
    picture.depth = 24
    return picture


def _fill(frames: ID3, tags: Tags) -> None:
    """ID3 2.3, since Windows and many players in cars and kitchens do not read 2.4 (https://id3.org/id3v2.3.0)."""
    from mutagen.id3 import APIC, COMM, TALB, TDRC, TIT2, TPE1

    texts = ((TIT2, tags.title), (TPE1, tags.artist), (TALB, tags.album), (TDRC, tags.date))
    for frame, text in texts:
        if text:
            frames.add(frame(encoding=1, text=text))
    if tags.comment:
        frames.add(COMM(encoding=1, lang="eng", desc="", text=tags.comment))
    if tags.cover:
        frames.add(APIC(encoding=0, mime=_PNG, type=_FRONT, desc="", data=tags.cover))
    frames.update_to_v23()


_WAYS: dict[Format, Callable[[BinaryIO, Tags], None]] = {
    "flac": _into_flac,
    "ogg": _into_ogg,
    "mp3": _into_mp3,
    "wav": _into_wav,
}
