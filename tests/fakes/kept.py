"""A small library with its settings, as this version writes them, in a zip: `python -m tests.fakes.kept`.

To be made once for each version that is published, and kept for ever: tests/library/test_upgrades.py opens them all.
"""

from __future__ import annotations

import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from musicmed_desktop import __version__
from musicmed_desktop.affect import mood
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.library.locking import lock
from musicmed_desktop.session.events import StepStored
from musicmed_desktop.session.runner import SessionRunner
from musicmed_desktop.settings import Settings, save_settings
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.libraries import PASSPHRASE, settle_log
from tests.fakes.recordings import short_walk
from tests.fakes.sessions import silence, tone_beginning, tone_record

KEPT = Path(__file__).parents[1] / "library" / "kept"
NOTE = "The strings helped. Später noch einmal."
SETTINGS = Settings(volume=0.35, volume_limit=0.6, hearing_care=True, text_size=150, theme="dark", minutes=20.0)
_STEP_S = 1.2
_SILENT_S = 3.0


def write_kept(file: Path) -> None:
    """Into a zip: plain/ with a session that was heard, one in the trash and one that broke off; locked/ with one."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        plain, locked = Path(made, "plain"), Path(made, "locked")
        _write_plain(Library(plain))
        save_settings(SETTINGS, plain / "settings.json")
        library = Library(locked)
        _note(library, _silent(library, datetime(2026, 5, 6, 20, 0, tzinfo=UTC)))
        lock(locked, PASSPHRASE)
        settle_log(Library(locked, PASSPHRASE))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(Path(made).rglob("*")):
                if not path.name.endswith(("-wal", "-shm", ".spare-1")):
                    packed.write(path, path.relative_to(made))


def _write_plain(library: Library) -> None:
    heard = library.recording(datetime(2026, 5, 3, 12, 0, tzinfo=UTC), "anxious to calm", mood("tense").affect)
    list(SessionRunner(short_walk(_STEP_S), ToneEngine(), ToneRecognizer(), heard, tries=1).run())
    assert heard.entry is not None
    _note(library, heard.entry)
    library.delete(_silent(library, datetime(2026, 5, 4, 7, 30, tzinfo=UTC)).id)
    broken_off = library.recording(datetime(2026, 5, 5, 12, 0, tzinfo=UTC))
    runner = SessionRunner(short_walk(_STEP_S), ToneEngine(), ToneRecognizer(), broken_off, tries=1)
    with closing(runner.run()) as run:
        next(event for event in run if isinstance(event, StepStored))
    settle_log(library)


def _silent(library: Library, started: datetime) -> Entry:
    """Silence takes no room."""
    record = tone_record()
    record = record.model_copy(update={"audio": record.audio.model_copy(update={"duration_s": _SILENT_S})})
    with library.recording(started) as recording:
        recording.begin(tone_beginning())
        recording.write(silence(_SILENT_S))
        recording.store_step(record.steps[0], round(_SILENT_S * RATE))
        recording.finish(record, None)
    assert recording.entry is not None
    return recording.entry


def _note(library: Library, entry: Entry) -> None:
    library.change(entry.id, title="Sunday noon", note=NOTE, favourite=True, after=mood("calm").affect)


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    write_kept(KEPT / f"library-{__version__}.zip")
