"""Session files whose documents or sound are hostile, with hashes made right again, as an attacker would."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

from tests.fakes.parcels import SECONDS, Breaking, Honest, flac, packed, resigned

_WORDS = (5, None, ["calm"], {"a": "b"}, True, "x" * 501)
_AMOUNTS: tuple[Any, ...] = (-1, 1e9, "1", None, [1], {}, "nan", "1e3")
_POINTS: tuple[Any, ...] = (
    {},
    [0, 0],
    5,
    "calm",
    {"valence": 0.0},
    {"valence": 1.01, "arousal": 0.0},
    {"valence": "0", "arousal": 0.0},
)
_FLAGS: tuple[Any, ...] = ("yes", None, 1, 0, [])
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
    record = inner = json.loads(honest.files["session.json"])
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = chance.choice(_RECORD[place])
    return resigned(honest.files | {"session.json": json.dumps(record).encode()})


def many_steps(chance: Random, honest: Honest) -> bytes:
    """More than any session has: too many to draw, or too many to read."""
    return resigned(honest.files | {"session.json": _long(honest.files["session.json"], chance.choice([251, 2_000]))})


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
    return resigned(honest.files, {field: chance.choice(_MANIFEST[field])})


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


@cache
def _long(record: bytes, times: int) -> bytes:
    document = json.loads(record)
    return json.dumps(document | {"steps": document["steps"] * times}).encode()


@cache
def _sounds() -> tuple[bytes, ...]:
    whole = flac()
    return (
        *(b"", b"fLaC", whole[:42], b"ID3\x04" + bytes(6) + whole, b"fLaC" + bytes(5000), whole[:200] + bytes(5000)),
        *(flac(rate=16_000), flac(channels=1), flac(seconds=SECONDS + 1), flac(seconds=0.5), flac(subtype="PCM_24")),
        *(flac(format="WAV"), flac(format="OGG", subtype="VORBIS"), flac(format="OGG", subtype="OPUS")),
    )
