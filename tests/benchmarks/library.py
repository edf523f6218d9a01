"""How long a library of many sessions takes: `python -m tests.benchmarks.library [sessions]`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from musicmed_desktop.affect import Affect, moods
from musicmed_desktop.library import Entry, Library, filtered
from musicmed_desktop.library.exchange import read_parcel, write_parcel
from musicmed_desktop.library.exchange.parcel import Parcel
from musicmed_desktop.library.index import insert
from musicmed_desktop.library.receiving import receive
from musicmed_desktop.library.statistics import summary
from tests.fakes.libraries import locked_library
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

SESSIONS = 10_000
PARCELS = 1_000
ROUNDS = 7
_FIRST = datetime(2019, 1, 1, 7, 30, tzinfo=UTC)
_WORDS = ("slept", "rain", "piano", "tired", "work", "again", "better", "slowly", "evening", "Geräusche", "☾")


def fill(library: Library, count: int, seed: int = 1) -> None:
    """Entries as a listener makes them, without files."""
    chance, words = Random(seed), [mood.word for mood in moods()]
    library.collection.index.create()
    with library.collection.index.database.transaction() as connection:
        for number in range(count):
            insert(connection, _entry(chance, words, number), f"session {number:05}", "kept", None)


def _entry(chance: Random, words: list[str], number: int) -> Entry:
    start, target = chance.choice(words), chance.choice(words)
    said = chance.random() < 0.7
    return Entry(
        id=f"{number:032x}",
        title=f"From {start} to {target}",
        started=_FIRST + timedelta(hours=6.3 * number),
        seconds=900 + chance.random(),
        start_word=start,
        target_word=target,
        before=_felt(chance),
        wished=_felt(chance),
        engine="builtin",
        shortened=chance.random() < 0.1,
        after=_felt(chance) if said else None,
        note=" ".join(chance.choices(_WORDS, k=chance.randrange(40))) if said else "",
        favourite=chance.random() < 0.1,
        worse_at_s=(120.5,) if chance.random() < 0.05 else (),
    )


def _felt(chance: Random) -> Affect:
    return Affect(round(chance.uniform(-1, 1), 4), round(chance.uniform(-1, 1), 4))


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and worst."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return median(times), max(times)


def measure(library: Library) -> dict[str, tuple[float, float]]:
    """What the window and the terminal ask of a library, each as (median, worst) in ms."""
    entries = library.entries()
    year = (_FIRST + timedelta(days=365), _FIRST + timedelta(days=730))
    return {
        "list": milliseconds(library.entries),
        "search, 1 word": milliseconds(partial(filtered, entries, "calm")),
        "search, 2 words": milliseconds(partial(filtered, entries, "anxious calmer")),
        "search, 3 words": milliseconds(partial(filtered, entries, "piano sunday brighter")),
        "filter: favourites": milliseconds(partial(filtered, entries, favourites_only=True)),
        "filter: a year": milliseconds(lambda: [each for each in entries if year[0] <= each.started < year[1]]),
        "trend data": milliseconds(partial(summary, entries)),
        "change a title": milliseconds(lambda: library.change(entries[0].id, title="Evening"), rounds=50),
    }


def measure_import(library: Library, folder: Path, count: int) -> tuple[float, float]:
    """Median and worst of one file without sound, read and received, in ms."""
    record, chance = record_of(walk(minutes=15.0)), Random(2)
    paths = [folder / f"{number}.musicmed" for number in range(count)]
    for number, path in enumerate(paths):
        entry = Entry.of(f"{chance.getrandbits(128):032x}", _FIRST + timedelta(hours=number), record)
        write_parcel(Parcel(entry, record, {}), path)
    files = iter(paths)
    return milliseconds(lambda: receive(library, read_parcel(next(files))), rounds=count)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in (("plain", Library), ("locked", locked_library)):
            library = make(Path(folder) / kind)
            fill(library, count)
            results = measure(library)
            (Path(folder) / f"{kind} files").mkdir()
            parcels = max(1, PARCELS * count // SESSIONS)
            results[f"import, each of {parcels}"] = measure_import(library, Path(folder) / f"{kind} files", parcels)
            print(f"{kind}, {count} sessions{'median':>17}{'worst':>11}")
            for name, (middle, worst) in results.items():
                print(f"  {name:<28} {middle:8.1f} ms {worst:8.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS)
