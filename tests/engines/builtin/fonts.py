"""Tiny SoundFonts made to measure (SoundFont 2.04 specification)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAN, INSTRUMENT, KEYS, VELOCITIES, ATTENUATION = 17, 41, 43, 44, 48
COARSE_TUNE, FINE_TUNE, SAMPLE, LOOPS, SCALE, ROOT = 51, 52, 53, 54, 56, 58
LOOP_START_OFFSET, END_OFFSET = 2, 1
DRUMS = 128  # the bank
_SILENCE = 46  # frames between samples, as the specification asks

Generators = dict[int, int]


@dataclass(frozen=True)
class Sample:
    """Mono `frames` in [-1, 1], recorded as the note `key`."""

    frames: NDArray[np.floating]
    key: int = 60
    rate: int = 44_100
    loop: tuple[int, int] = (0, 0)
    correction: int = 0


@dataclass(frozen=True)
class Preset:
    """One preset on one instrument; each zone of the instrument gives its generators, the number of its sample under
    SAMPLE."""

    zones: Sequence[Generators]
    program: int = 0
    bank: int = 0
    own: Generators = field(default_factory=dict)


def keys(low: int, high: int) -> int:
    """The amount of a range generator."""
    return low | high << 8


def write_font(path: Path, samples: Sequence[Sample], presets: Sequence[Preset], ogg: bool = False) -> Path:
    """Write a SoundFont, with its samples as Ogg Vorbis (.sf3) if `ogg`."""
    pool, headers = _pool(samples, ogg)
    terminal_preset = struct.pack("<20s3H12x", b"EOP", 0, 0, len(presets))
    tables = {
        b"phdr": b"".join(struct.pack("<20s3H12x", b"P", p.program, p.bank, i) for i, p in enumerate(presets))
        + terminal_preset,
        **_bags(b"pbag", b"pgen", [{**p.own, INSTRUMENT: i} for i, p in enumerate(presets)]),
        b"inst": _instruments(presets),
        **_bags(b"ibag", b"igen", [zone for preset in presets for zone in preset.zones]),
        b"shdr": headers,
    }
    pdta = b"".join(_chunk(name, data) for name, data in tables.items())
    lists = (_list(b"INFO", _chunk(b"ifil", struct.pack("<2H", 2, 4))), _list(b"sdta", _chunk(b"smpl", pool)))
    path.write_bytes(_chunk(b"RIFF", b"sfbk" + b"".join(lists) + _list(b"pdta", pdta)))
    return path


def _pool(samples: Sequence[Sample], ogg: bool) -> tuple[bytes, bytes]:
    """The sample pool and the headers, whose places count frames, or bytes of Ogg data."""
    pool, headers = b"", b""
    for sample in samples:
        data = _vorbis(sample) if ogg else (sample.frames * 32_767).astype("<i2").tobytes()
        unit = 1 if ogg else 2
        start, end = len(pool) // unit, (len(pool) + len(data)) // unit
        shift = 0 if ogg else start
        loop = (sample.loop[0] + shift, sample.loop[1] + shift)
        headers += struct.pack(
            "<20s5IBb2H", b"S", start, end, *loop, sample.rate, sample.key, sample.correction, 0, 0x11 if ogg else 1
        )
        pool += data + bytes(0 if ogg else 2 * _SILENCE)
    return pool, headers + struct.pack("<20s5IBb2H", b"EOS", *[0] * 9)


def _vorbis(sample: Sample) -> bytes:
    import soundfile

    file = BytesIO()
    soundfile.write(file, sample.frames.astype(np.float32), sample.rate, format="OGG", subtype="VORBIS")
    return file.getvalue()


def _instruments(presets: Sequence[Preset]) -> bytes:
    firsts = np.cumsum([0, *(len(preset.zones) for preset in presets)])
    return b"".join(struct.pack("<20sH", b"I", first) for first in firsts)


def _bags(bags: bytes, generators: bytes, zones: Sequence[Generators]) -> dict[bytes, bytes]:
    """Ranges come first and the leaf last in a zone, as the specification asks."""
    ordered = [sorted(zone.items(), key=lambda item: (item[0] in (INSTRUMENT, SAMPLE), -item[0])) for zone in zones]
    firsts = np.cumsum([0, *(len(zone) for zone in ordered)])
    flat = [item for zone in ordered for item in zone] + [(0, 0)]
    return {
        bags: b"".join(struct.pack("<2H", first, 0) for first in firsts),
        generators: b"".join(struct.pack("<HH", oper, amount & 0xFFFF) for oper, amount in flat),
    }


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
