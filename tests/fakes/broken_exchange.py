"""Session files that come broken, by chance or by ill will; many with hashes made right again, as an attacker would."""

from __future__ import annotations

import io
import json
import struct
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import soundfile

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.exchange import Parcel
from musicmed_desktop.session.midi import midi_bytes
from musicmed_desktop.session.record import Audio, SessionRecord
from musicmed_desktop.session.trajectory import trajectory_svg
from tests.fakes.engines import RATE, bars, tones
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

SECONDS = 1.5
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Honest:
    """A whole session file, and what is in it."""

    content: bytes
    sealed: bytes

    @property
    def files(self) -> Files:
        with ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


Breaking = Callable[[Random, Honest], bytes]


def flac(seconds: float = SECONDS, rate: int = RATE, channels: int = 2, **kind: str) -> bytes:
    content = io.BytesIO()
    samples = tones(Affect(0.2, -0.3), seconds)[:, :channels]
    soundfile.write(content, samples, rate, **{"format": "FLAC", "subtype": "PCM_16"} | kind)
    return content.getvalue()


def short_record() -> SessionRecord:
    sound = Audio(
        path="session.flac", sample_rate=RATE, channels=2, duration_s=SECONDS, loudness_lufs=-18, true_peak_dbtp=-1
    )
    return record_of(walk(minutes=2.0), clips=2).model_copy(update={"audio": sound})


def short_parcel(*, sound: bool = True) -> Parcel:
    """A session of two clips in which the listener said all there is to say."""
    record = short_record()
    started = datetime(2026, 5, 3, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    entry = Entry.of("0123456789abcdef" * 2, started, record, before=Affect(-0.612345678, 0.7)).changed(
        title="Abends am Fluß 🌙",
        after=Affect(0.1, -1 / 3),
        note="Slept well.\nThe cello!\tأهلا",
        favourite=True,
        maker="small model, calm adapter, CPU",
        worse_at_s=(0.25, 1.125),
        underruns=3,
        sound_device="Headphones",
    )
    files = {"trajectory.svg": trajectory_svg(record).encode(), "session.mid": midi_bytes(bars(2))}
    return Parcel(entry, record, files | ({"session.flac": flac()} if sound else {}))


def packed(files: Files, way: int = ZIP_STORED) -> bytes:
    """A zip of just these members."""
    content = io.BytesIO()
    with ZipFile(content, "w", way) as archive:
        for name, inside in files.items():
            archive.writestr(ZipInfo(name), inside, ZIP_STORED if name == "session.flac" else way)
    return content.getvalue()


def resigned(files: Files, **manifest: Any) -> bytes:
    """The files with a manifest that fits them."""
    rest = {name: content for name, content in files.items() if name != "manifest.json"}
    said = json.loads(files["manifest.json"])
    said["files"] = {name: {"size": len(inside), "sha256": sha256(inside).hexdigest()} for name, inside in rest.items()}
    return packed({"manifest.json": json.dumps(said | manifest).encode(), **rest}, ZIP_DEFLATED)


# By chance: refused, or the same session as before.


def flipped(chance: Random, honest: Honest) -> bytes:
    content = bytearray(honest.content)
    for _ in range(chance.choice([1, 1, 1, 2, 8, 64])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut(chance: Random, honest: Honest) -> bytes:
    return honest.content[: chance.randrange(len(honest.content))]


def spliced(chance: Random, honest: Honest) -> bytes:
    """A stretch of it left out, written twice, or exchanged with another one."""
    content = honest.content
    a, b, c = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    return chance.choice(
        [content[:a] + content[b:], content[:b] + content[a:], content[:a] + content[b:c] + content[a:b] + content[c:]]
    )


def overwritten(chance: Random, honest: Honest) -> bytes:
    content = bytearray(honest.content)
    at, length = chance.randrange(len(content)), chance.choice([1, 2, 4, 100, 512])
    content[at : at + length] = chance.choice([bytes(length), b"\xff" * length, chance.randbytes(length)])
    return bytes(content)


def surrounded(chance: Random, honest: Honest) -> bytes:
    other = chance.choice([b"\0", b"\r\n", chance.randbytes(100), honest.content, honest.content[-22:]])
    return chance.choice([other + honest.content, honest.content + other])


def flipped_directory(chance: Random, honest: Honest) -> bytes:
    """In the few bytes that a reader of zips believes most."""
    content = bytearray(honest.content)
    start = content.index(_CENTRAL)
    for _ in range(chance.choice([1, 2, 3])):
        content[chance.randrange(start, len(content))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    return bytes(content)


def foreign_picture(chance: Random, honest: Honest) -> bytes:
    """Never shown: the picture is drawn anew."""
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://evil.example")</script></svg>'
    return resigned(honest.files | {"trajectory.svg": chance.choice([script, b"", chance.randbytes(1000)])})


BY_CHANCE: tuple[Breaking, ...] = (
    *(flipped, cut, spliced, overwritten, surrounded, flipped_directory, foreign_picture),
)


# By ill will, in the zip: always refused.

HOSTILE_NAMES = (
    *("../evil", "../../evil", "/etc/evil", "C:/evil", "..\\evil", "evil", "a/session.flac", "./entry.json", ""),
    *("entry.json/", "ENTRY.JSON", "session.flac ", "session.wav", "nul", "ev\x1b[2Jil", "ev\u202eil", "x" * 5000),
)


def hostile_name(chance: Random, honest: Honest) -> bytes:
    return resigned(honest.files | {chance.choice(HOSTILE_NAMES): b"evil"})


def nul_in_a_name(chance: Random, honest: Honest) -> bytes:
    """zipfile would cut it off there."""
    name = chance.choice(["entry.jsonQ/x", "session.midQ../evil"])
    files = {inside: content for inside, content in honest.files.items() if not name.startswith(inside)}
    return packed(files | {name: b"evil"}).replace(b"Q", b"\0")


def twice(chance: Random, honest: Honest) -> bytes:
    content = io.BytesIO(honest.content)
    name = chance.choice([*honest.files])
    with warnings.catch_warnings(), ZipFile(content, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, chance.choice([b"{}", honest.files[name]]))
    return content.getvalue()


def crowd(chance: Random, honest: Honest) -> bytes:
    return packed(honest.files | {f"{number}.txt": b"" for number in range(chance.choice([1, 10, 1000, 3000]))})


def missing(chance: Random, honest: Honest) -> bytes:
    lost = chance.choice([*honest.files])
    return packed({name: content for name, content in honest.files.items() if name != lost})


def patched(chance: Random, honest: Honest) -> bytes:
    """Each header says the same untruth: of flags, method, CRC, sizes or places."""
    central, local, value = chance.choice(
        [
            *[(8, 6, struct.pack("<H", flag)) for flag in (0x01, 0x41, 0x20)],
            *[(10, 8, struct.pack("<H", method)) for method in (1, 6, 9, 12, 14, 93, 95, 99)],
            (16, 14, chance.randbytes(4)),
            *[(20, 18, struct.pack("<I", size)) for size in (0, 1, 2**31, 2**32 - 1)],
            *[(24, 22, struct.pack("<I", size)) for size in (0, 1, 99, 2**31, 2**32 - 2, 2**32 - 1)],
            *[(42, -1, struct.pack("<I", place)) for place in (0, 1, 2**31, 2**32 - 2, 2**32 - 1)],
        ]
    )
    content = _at_each(honest.content, _CENTRAL, central, value)
    return content if local < 0 else _at_each(content, _LOCAL, local, value)


def vast_directory(chance: Random, honest: Honest) -> bytes:
    content = bytearray(honest.content)
    place = content.rindex(_END) + chance.choice([8, 10, 12, 16])
    return bytes(content[:place] + struct.pack("<I", chance.choice([2**32 - 2, 2**31, 10**8])) + content[place + 4 :])


def oddly_packed(chance: Random, honest: Honest) -> bytes:
    if chance.random() < 0.5:
        return packed(honest.files, chance.choice([ZIP_BZIP2, ZIP_LZMA]))
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:  # also the sound, which could swell then
        for name, inside in honest.files.items():
            archive.writestr(name, inside)
    return content.getvalue()


def bomb(chance: Random, honest: Honest) -> bytes:
    """A few kilobytes that would become tens of megabytes, as declared, or declared as little."""
    name = chance.choice(["manifest.json", "entry.json", "session.json", "session.mid", "trajectory.svg"])
    content = _bomb(name)
    little = _at_each(_at_each(content, _CENTRAL, 24, b"\x64\0\0\0"), _LOCAL, 22, b"\x64\0\0\0")
    return chance.choice([content, little])


def something_else(chance: Random, _: Honest) -> bytes:
    return chance.choice(
        [
            *(b"", b"PK", _LOCAL, b"PK\x05\x06" + bytes(18), b"\xff\xd8\xff\xe0", b"<html></html>", b"{}", flac()),
            *(chance.randbytes(chance.randrange(3000)), _LOCAL + chance.randbytes(500), packed({"beach.jpg": b"x"})),
        ]
    )


IN_THE_ZIP: tuple[Breaking, ...] = (
    *(hostile_name, nul_in_a_name, twice, crowd, missing, patched, vast_directory, oddly_packed, bomb, something_else),
)


# By ill will, in the documents and the sound, with hashes that fit: always refused.

_WORDS = (5, None, ["calm"], {"a": "b"}, True, "x" * 501)
_AMOUNTS = (-1, 1e9, "1", None, [1], {}, "nan", "1e3")
_POINTS = ({}, [0, 0], 5, "calm", {"valence": 0.0}, {"valence": 1.01, "arousal": 0.0}, {"valence": "0", "arousal": 0.0})
_FLAGS = ("yes", None, 1, 0, [])
_ENTRY: dict[str, tuple[Any, ...]] = {
    "schema_version": (0, 2, 99, "1", None, 1.5, 2**62),
    "id": (
        "",
        "..",
        "../" * 10 + "xy",
        "A" * 32,
        "a" * 31,
        "a" * 33,
        "a" * 32 + "\n",
        5,
        None,
        "g" * 32,
        "a" * 31 + "/",
    ),
    "title": _WORDS,
    "started": (
        None,
        "",
        "yesterday",
        "2026-05-03T12:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        [],
        -1,
    ),
    "seconds": (*_AMOUNTS, SECONDS + 1),
    "start_word": _WORDS,
    "target_word": _WORDS,
    "before": (*_POINTS, None),
    "wished": (*_POINTS, None),
    "after": _POINTS,
    "engine": (*_WORDS, "another engine"),
    "shortened": (*_FLAGS, False),
    "note": (*_WORDS[:-1], "x" * 100_001),
    "favourite": _FLAGS,
    "maker": _WORDS,
    "worse_at_s": (None, 5, "1", [-1.0], ["1"], [1e9], [None], [0.5] * 1001, {"0": 1}),
    "underruns": (-1, 1.5, "3", None, 2**31, 2**62, True),
    "sound_device": _WORDS,
    "deleted": (None, "2026-05-03T12:00:00Z"),
    "evil": (1,),
}
_RECORD: dict[tuple[str | int, ...], tuple[Any, ...]] = {
    ("schema_version",): (0, 2, 99, "x", None),
    ("seed",): (-1, 2**63, 10**400, None, "x", 1.5),
    ("shortened",): (None, "perhaps", False),
    ("engine", "name"): (None, 5, "another"),
    ("path",): ([], None, 5, [{"valence": 3, "arousal": 0}], [{"valence": 0, "arousal": 0}] * 5001),
    ("audio", "path"): ("../../evil.flac", "/etc/passwd", "", "session.wav", None, "session.flac\0.exe"),
    ("audio", "sample_rate"): (0, -1, 1, 44100, 10**6, 10**400, None),
    ("audio", "channels"): (0, 1, 3, 2**31, None),
    ("audio", "duration_s"): (-1, 0, SECONDS + 1, 1e9, None),
    ("audio", "loudness_lufs"): (-100, None, "loud"),
    ("steps",): ([], None, {}, "none", [5]),
    ("steps", 0): (None, 5, {}, []),
    ("steps", 0, "index"): (-1, None, 2**70, "first"),
    ("steps", 0, "start_s"): (-1, 1e6, 1e300, None),
    ("steps", 0, "duration_s"): (-1, 1e6, None),
    ("steps", 0, "phase"): ("evil", None, 5),
    ("steps", 0, "progress"): (-0.1, 1.1, None),
    ("steps", 0, "measured"): (*_POINTS[:-1], None),
    ("steps", 1, "heard"): (None, 5, {"energy": None}, {"energy": "much"}),
    ("steps", 1, "tries"): (0, -5, None),
    ("steps", 1, "prompt"): (None, 5, []),
    ("prescription",): (None, {}, 5, "calm"),
    ("prescription", "schema_version"): (0, 2, 99, "1", None),
    ("prescription", "start"): ("no such mood", [2, 0], None, 5, {"valence": True, "arousal": 0}),
    ("prescription", "minutes"): (0, 61, -5, None, "15"),
    ("prescription", "palette"): ({"genres": [5]}, {"instruments": ["evil"]}, None, {"genres": ["jazz"] * 9}),
    ("prescription", "note"): ("x" * 2001, None, 5),
    ("prescription", "waypoints"): (None, 5, [{}], [{"point": "calm", "at": 2.0}]),
    ("changes",): (5, [5], None, [{}]),
    ("evil",): (1, None),
    ("audio", "evil"): (1,),
    ("steps", 0, "evil"): ({},),
}
_MANIFEST: dict[str, tuple[Any, ...]] = {
    "format": ("musicmed-plan", "zip", "", None, 5),
    "schema_version": (0, 2, 99, "1", None, 1.5),
    "application": (None, "evil", {}, {"name": "x" * 101, "version": "1"}, {"name": 5, "version": []}),
    "files": (None, [], {}, {"entry.json": {"size": 1, "sha256": "0" * 64}}, {"../evil": {"size": 1, "sha256": ""}}),
    "evil": (1, {"deep": [1]}),
}
_NO_JSON = (
    *(b"", b"{", b"[]", b"5", b"null", b'"text"', b"\xff\xfe{}", b"{}\0", b"[" * 100_000, b'{"a":' * 100_000),
    *(
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b"{'a': 1}",
    ),
)


def broken_entry(chance: Random, honest: Honest) -> bytes:
    field = chance.choice([*_ENTRY])
    entry = json.loads(honest.files["entry.json"]) | {field: chance.choice(_ENTRY[field])}
    return resigned(honest.files | {"entry.json": json.dumps(entry).encode()})


def broken_record(chance: Random, honest: Honest) -> bytes:
    place = chance.choice([*_RECORD])
    record = deepcopy(inner := json.loads(honest.files["session.json"]))
    inner = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = chance.choice(_RECORD[place])
    return resigned(honest.files | {"session.json": json.dumps(record).encode()})


def many_steps(chance: Random, honest: Honest) -> bytes:
    record = json.loads(honest.files["session.json"])
    record["steps"] *= chance.choice([251, 2_000, 20_000])
    return resigned(honest.files | {"session.json": json.dumps(record).encode()})


def lost_field(chance: Random, honest: Honest) -> bytes:
    name = chance.choice(["entry.json", "session.json"])
    document = json.loads(honest.files[name])
    inner = document if name == "entry.json" else chance.choice([document["audio"], document["steps"][1]])
    del inner[chance.choice([*inner])]
    return resigned(honest.files | {name: json.dumps(document).encode()})


def name_twice(chance: Random, honest: Honest) -> bytes:
    name = chance.choice(["entry.json", "session.json"])
    return resigned(honest.files | {name: b'{"schema_version": 1,' + honest.files[name].lstrip(b"{")})


def broken_manifest(chance: Random, honest: Honest) -> bytes:
    field = chance.choice([*_MANIFEST])
    return resigned(honest.files, **{field: chance.choice(_MANIFEST[field])})


def no_json(chance: Random, honest: Honest) -> bytes:
    name = chance.choice(["entry.json", "session.json", "manifest.json"])
    files = honest.files | {name: chance.choice(_NO_JSON)}
    return packed(files) if name == "manifest.json" else resigned(files)


def other_hash(chance: Random, honest: Honest) -> bytes:
    manifest = json.loads(honest.files["manifest.json"])
    member = manifest["files"][chance.choice([*manifest["files"]])]
    field, values = chance.choice(
        [("size", (-1, 0, 2**40, "5", None)), ("sha256", (chance.randbytes(32).hex(), "", None, "é" * 64))]
    )
    member[field] = chance.choice(values)
    return packed(honest.files | {"manifest.json": json.dumps(manifest).encode()})


def other_sound(chance: Random, honest: Honest) -> bytes:
    return resigned(honest.files | {"session.flac": chance.choice(_sounds())})


def torn_sound(chance: Random, honest: Honest) -> bytes:
    """Cut off, or another length declared in the 36 bits that STREAMINFO has for it (RFC 9639, 8.2)."""
    sound = bytearray(honest.files["session.flac"])
    if chance.random() < 0.5:
        sound = sound[: chance.randrange(len(sound) * 9 // 10)]
    else:
        sound[21] |= chance.randrange(1, 16)
    return resigned(honest.files | {"session.flac": bytes(sound)})


def no_midi(chance: Random, honest: Honest) -> bytes:
    score = chance.choice([b"", b"MTh", b"MZ\x90", chance.randbytes(100), b"MThd" + bytes(5_000_000)])
    return resigned(honest.files | {"session.mid": score})


IN_THE_DOCUMENTS: tuple[Breaking, ...] = (
    *(broken_entry, broken_record, many_steps, lost_field, name_twice, broken_manifest, no_json, other_hash),
    *(other_sound, torn_sound, no_midi, broken_entry, broken_record),
)


# What a passphrase locks: always refused.


def broken_seal(chance: Random, honest: Honest) -> bytes:
    """The magic, or another version of it: found before the passphrase is tried."""
    content = bytearray(honest.sealed)
    content[chance.randrange(16)] ^= 1 << chance.randrange(8)
    return bytes(content)


def broken_inside(chance: Random, honest: Honest) -> bytes:
    """Only the passphrase can tell, which takes a third of a second."""
    if chance.random() < 0.3:
        return honest.sealed[: chance.randrange(16, len(honest.sealed))]
    content = bytearray(honest.sealed)
    content[chance.randrange(16, len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _at_each(content: bytes, signature: bytes, place: int, value: bytes) -> bytes:
    """Each header of that kind with other bytes at a place."""
    changed = bytearray(content)
    at = changed.find(signature)
    while at >= 0:
        changed[at + place : at + place + len(value)] = value
        at = changed.find(signature, at + 4)
    return bytes(changed)


@cache
def _bomb(name: str) -> bytes:
    files = {name: bytes(30_000_000)}
    return packed({"manifest.json": b"{}", "entry.json": b"{}", "session.json": b"{}"} | files, ZIP_DEFLATED)


@cache
def _sounds() -> tuple[bytes, ...]:
    whole = flac()
    return (
        *(b"", b"fLaC", whole[:42], b"ID3\x04" + bytes(6) + whole, b"fLaC" + bytes(5000), whole[:200] + bytes(5000)),
        *(flac(rate=16_000), flac(channels=1), flac(seconds=SECONDS + 1), flac(seconds=0.5), flac(subtype="PCM_24")),
        *(flac(format="WAV"), flac(format="OGG", subtype="VORBIS"), flac(format="OGG", subtype="OPUS")),
    )
