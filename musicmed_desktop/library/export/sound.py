"""A copy of a session's sound, in a format of choice."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.audio.files import AudioWriter, Format, blocks
from musicmed_desktop.library.export.tagging import put_tags
from musicmed_desktop.library.export.tags import Tags

_BLOCK_S = 10.0


def export_sound(source: Path | BinaryIO, target: Path, format: Format, tags: Tags) -> None:
    """Write the sound of `source` with `tags` to `target`, whole or not at all.

    It takes seconds for 15 minutes, half a minute as MP3. `source` is a file, or one that is open at its start and
    stays open. The same sound and tags give the same bytes. Raises UserError where `source` cannot be read or
    `target` cannot be written.
    """
    pieces = blocks(source, _BLOCK_S)
    samples, sample_rate = next(pieces)
    with AudioWriter(target, sample_rate, samples.shape[1], format, lambda file: put_tags(file, format, tags)) as copy:
        copy.write(samples)
        for samples, _ in pieces:
            copy.write(samples)
