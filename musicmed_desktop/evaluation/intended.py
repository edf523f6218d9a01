"""Tables that say which mood each sound file of a folder should have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.affect import mood, moods
from musicmed_desktop.affect.spelling import quoted
from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.moods import mood_tag
from musicmed_desktop.plan.prompts import prompt
from musicmed_desktop.plan.step import Prompt
from musicmed_desktop.training.captions import caption
from musicmed_desktop.training.dataset.index import HEADER, read_index

COLUMNS = ("path", "moods", "text")
_HEADER_HINT = "Its first line names the columns, with tabs between them: path, moods and, if you like, text."


@dataclass(frozen=True)
class Intended:
    """What one file should be: `path` is as the table has it; `where` names its place in the table."""

    path: str
    prompt: Prompt
    where: str


def is_dataset(table: Path) -> bool:
    """Whether it is an index of MTG-Jamendo, by its first line. Raises UserError where it cannot be read."""
    return _lines(table)[0].split("\t")[0] == HEADER[0]


def of_dataset(index: Path) -> tuple[Intended, ...]:
    """Its tracks, but for those with none of the 56 mood tags that have a place. Raises UserError."""
    known = {each.word for each in moods() if each.kind == "tag"}
    tracks = [(track, tuple(tag for tag in track.moods if tag in known)) for track in read_index(index)]
    return tuple(
        Intended(track.path, Prompt(caption(track, None), tags, "", track.instruments, ""), track.id)
        for track, tags in tracks
        if tags
    )


def of_table(table: Path) -> tuple[Intended, ...]:
    """The rows of a table with the COLUMNS, of which the text may be missing, in whole or in a row.

    Raises UserError where it is something else, with the line where that is known.
    """
    header, *lines = _lines(table)
    columns = [name.strip().lower() for name in header.split("\t")]
    if not {"path", "moods"} <= {*columns} <= {*COLUMNS} or len({*columns}) < len(columns):
        raise UserError(f"{table} does not tell which moods are intended.", _HEADER_HINT, f"Line 1: {quoted(header)}")
    rows = tuple(_rows(table, columns, lines))
    if not rows:
        raise UserError(f"{table} names no sound file.", "Below its first line, write a line for each.")
    return rows


def inside(folder: Path, intended: Intended) -> Path:
    """Its path, relative to the folder. Raises UserError where it leads out of it.

    By the names alone: whoever keeps links in the folder wants the music that they lead to.
    """
    base = Path(os.path.normpath(folder.absolute()))
    file = Path(os.path.normpath(base / intended.path))
    if not file.is_relative_to(base):
        raise UserError(
            f"{intended.where} names {intended.path}, which does not lie in {folder}.",
            "Put the file there, or leave the line out.",
        )
    return file.relative_to(base)


def _lines(table: Path) -> list[str]:
    try:
        return table.read_text(encoding="utf-8-sig").split("\n")  # reading has made it the only end of a line
    except OSError as error:
        raise unreadable(table, error) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{table} is not a text file in UTF-8.", "Save it as one.", str(error)) from error


def _rows(table: Path, columns: list[str], lines: list[str]) -> Iterator[Intended]:
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        where = f"Line {number} of {table}"
        fields = [field.strip() for field in line.split("\t")]
        row = dict(zip(columns, fields + [""] * (len(columns) - len(fields)), strict=False))
        if len(fields) > len(columns) or not row["path"]:
            raise UserError(f"{where} does not have the columns of the first line.", _HEADER_HINT, quoted(line))
        tags = _tags(row["moods"], where)
        text = row.get("text") or prompt(tags, "", ()).text
        yield Intended(row["path"], Prompt(text, tags, "", (), ""), where)


def _tags(words: str, where: str) -> tuple[str, ...]:
    try:
        tags = tuple(dict.fromkeys(mood_tag(word) for word in words.split(",") if word.strip()))
    except UserError as error:
        raise UserError(f"{where}: {error.title}", error.hint) from error
    if not tags:
        raise UserError(f"{where} names no mood.", f"For example: {mood('calm').word}.")
    return tags
