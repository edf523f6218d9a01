"""Short sessions as they are exchanged, and their files taken apart and put together again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

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


Breaking = Callable[[Random, Honest], bytes]  # one way in which a file comes broken


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
        note="Slept well.\nThe cello!\t\u0623\u0647\u0644\u0627",
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


def resigned(files: Files, manifest: dict[str, Any] | None = None) -> bytes:
    """The files with a manifest that fits them, but for what `manifest` says instead."""
    rest = {name: content for name, content in files.items() if name != "manifest.json"}
    said = json.loads(files["manifest.json"])
    said["files"] = {name: {"size": len(inside), "sha256": sha256(inside).hexdigest()} for name, inside in rest.items()}
    return packed({"manifest.json": json.dumps(said | (manifest or {})).encode(), **rest}, ZIP_DEFLATED)
