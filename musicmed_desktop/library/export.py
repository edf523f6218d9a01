"""Copies of a session that leave the library: its sound in a format of choice, or its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from musicmed_desktop.audio.files import AudioWriter, Format, blocks
from musicmed_desktop.disk import unwritable
from musicmed_desktop.library.names import free_name
from musicmed_desktop.session.folder import FILES
from musicmed_desktop.session.staging import PARTIAL, Staging

_BLOCK_S = 10.0


def export_sound(source: Path, target: Path, format: Format) -> None:
    """Write the sound of `source` to `target`, whole or not at all; takes some seconds for 15 minutes.

    Raises UserError where `source` cannot be read or `target` cannot be written.
    """
    pieces = blocks(source, _BLOCK_S)
    samples, sample_rate = next(pieces)
    with AudioWriter(target, sample_rate, samples.shape[1], format) as writer:
        writer.write(samples)
        for samples, _ in pieces:
            writer.write(samples)


def export_folder(session: Path, parent: Path) -> Path:
    """Copy sound, record, notes and picture into a new folder in `parent`, whole or not at all.

    What the listener wrote about the session stays behind. Returns the new folder; raises UserError.
    """
    target = parent / free_name(session.name, lambda name: (parent / name).exists())
    try:
        staging = Staging(target.with_name(f".{target.name}{PARTIAL}"))
        try:
            for name in FILES:
                if (session / name).is_file():
                    shutil.copyfile(session / name, staging.folder / name)
            staging.settle()
            staging.folder.rename(target)
        except BaseException:
            staging.remove()
            raise
    except OSError as error:
        raise unwritable(target, error) from error
    return target
