"""A session as a folder: sound, record, score and picture, all of them or none."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, get_args

from musicmed_desktop.audio.files import AudioWriter, Format
from musicmed_desktop.disk import writing
from musicmed_desktop.engines.base import CancelledError, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.session.midi import midi_bytes
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord
from musicmed_desktop.session.recording import Beginning
from musicmed_desktop.session.staging import PARTIAL, Staging
from musicmed_desktop.session.trajectory import trajectory_svg

SOUNDS: dict[Format, str] = {format: f"session.{format}" for format in get_args(Format)}
SCORE, PICTURE, RECORD = "session.mid", "trajectory.svg", "session.json"
FILES = (*SOUNDS.values(), SCORE, PICTURE, RECORD)


class SessionFolder:
    """The Recording that `--out` asks for; a context manager that discards what was not finished.

    Everything is written into a hidden folder on the same disk, and moved to its place when it is whole. An
    existing `directory` is refused unless `force`: then the session's own files in it are replaced, and others
    left alone. Raises UserError at once where nothing can be written there.
    """

    def __init__(self, directory: Path, format: Format = "flac", force: bool = False) -> None:
        self.audio_name = SOUNDS[format]
        self._format: Format = format
        self._writing = ExitStack()
        self._parents: list[Path] = []  # that were missing
        self._open = True
        with writing(directory):
            self.directory = directory.resolve()
            _refuse_what_exists(self.directory, force)
            try:
                self._make_parents()
                self._staging = Staging(staging_place(self.directory))
            except BaseException:
                self._remove_parents()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def begin(self, beginning: Beginning) -> None:
        sound, engine = self._staging.folder / self.audio_name, beginning.engine
        writer = AudioWriter(sound, engine.sample_rate, engine.channels, self._format)
        self._writer = self._writing.enter_context(writer)

    def write(self, frames: Frames) -> None:
        self._writer.write(frames)

    def store_step(self, step: StepRecord, end: int) -> None:
        """Nothing to do: the record holds all steps."""

    def store_change(self, change: Change) -> None:
        """Nothing to do: the record holds all changes."""

    def finish(self, record: SessionRecord, score: Score | None) -> None:
        self._writing.close()
        with writing(self.directory):
            self._save(RECORD, record.to_json().encode())
            self._save(PICTURE, trajectory_svg(record).encode())
            if score is not None:
                self._save(SCORE, midi_bytes(score))
            self._staging.settle()
            self._publish()
        self._open = False

    def discard(self) -> None:
        if not self._open:
            return
        self._open = False
        with suppress(CancelledError), self._writing:
            raise CancelledError  # the writer throws its file away
        self._staging.remove()
        self._remove_parents()

    def _save(self, name: str, content: bytes) -> None:
        (self._staging.folder / name).write_bytes(content)

    def _publish(self) -> None:
        if not self.directory.is_dir():
            self._staging.folder.rename(self.directory)
            return
        for name in FILES:
            new = self._staging.folder / name
            if new.exists():
                new.replace(self.directory / name)
            else:
                (self.directory / name).unlink(missing_ok=True)
        self._staging.remove()

    def _make_parents(self) -> None:
        missing = [parent for parent in self.directory.parents if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            self._parents.append(parent)

    def _remove_parents(self) -> None:
        with suppress(OSError):  # someone else uses them by now
            for parent in reversed(self._parents):
                parent.rmdir()


def staging_place(directory: Path) -> Path:
    """On the same disk as `directory`, which may be a mount point of its own."""
    if directory.is_dir():
        return directory / PARTIAL
    return directory.with_name(f".{directory.name}{PARTIAL}")


def _refuse_what_exists(directory: Path, force: bool) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise UserError(f"{directory} is a file, not a folder.", "Choose another name.")
    if not force:
        raise UserError(f"{directory} already exists.", "Choose another folder, or replace its session with --force.")
    for name in FILES:
        if (directory / name).is_dir():
            raise UserError(f"{directory / name} is a folder, not a file.", "Move it away, or choose another folder.")
