"""A prescription goes into a file with a few words, and comes out the same or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange import (
    PassphraseNeededError,
    PlanFile,
    read_parcel,
    read_plan,
    write_parcel,
    write_plan,
)
from musicmed_desktop.library.exchange.plans import MOST_WORDS, plan_digest
from musicmed_desktop.library.sealing import WrongPassphraseError
from musicmed_desktop.plan import Limits, Palette, Prescription, Waypoint
from tests.fakes.parcels import short_parcel

PASSPHRASE = "a walk by the river"
WORDS = "Dear patient,\nplease listen in the evening. Gute Nacht 🌙"
ASKED = Prescription(
    start=Affect(-0.612345, 0.7),
    target=Affect(0.3, -1 / 3),
    minutes=20.5,
    palette=Palette(instruments=("piano", "cello"), genres=("ambient",)),
    waypoints=(Waypoint(point=Affect(0.0, 0.1), at=0.5),),
    limits=Limits(lowest_valence=-0.8, negative_minutes=5.0),
    note="Twice a week.",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "evening.musicmed-plan"


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["open", "locked"])
def test_a_prescription_comes_out_as_it_went_in(file: Path, passphrase: str | None) -> None:
    write_plan(ASKED, file, WORDS, passphrase)
    assert read_plan(file, passphrase) == PlanFile(ASKED, WORDS)


def test_words_are_not_needed(file: Path) -> None:
    write_plan(ASKED, file)
    assert read_plan(file) == PlanFile(ASKED, "")


def test_control_characters_do_not_arrive(file: Path) -> None:
    write_plan(ASKED, file, "a\x1b[2Jb\nc\ud83d")
    assert read_plan(file).words == "a[2Jb\nc\ufffd"


def test_a_letter_of_endless_length_is_not_written(file: Path) -> None:
    write_plan(ASKED, file, "ä" * MOST_WORDS)
    assert read_plan(file).words == "ä" * MOST_WORDS
    with pytest.raises(UserError, match="too long"):
        write_plan(ASKED, file, "ä" * (MOST_WORDS + 1))


def test_a_locked_prescription_shows_nothing_and_asks(file: Path) -> None:
    write_plan(ASKED, file, WORDS, PASSPHRASE)
    assert not any(word in file.read_bytes() for word in (b"patient", b"piano", b"valence", b"musicmed-plan"))
    with pytest.raises(PassphraseNeededError):
        read_plan(file)
    with pytest.raises(WrongPassphraseError):
        read_plan(file, "another")


def test_one_kind_of_file_is_not_taken_for_the_other(file: Path) -> None:
    write_plan(ASKED, file)
    with pytest.raises(UserError, match="is not a MusicMed session"):
        read_parcel(file)
    write_parcel(short_parcel(), file)
    with pytest.raises(UserError, match="is not a MusicMed prescription"):
        read_plan(file)


def changed(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The plan changed by someone who knows how to make its hash right again."""
    write_plan(ASKED, file, WORDS)
    document = json.loads(file.read_bytes())
    change(document)
    document["sha256"] = plan_digest(document)
    file.write_text(json.dumps(document))


@pytest.mark.parametrize("version", [2, 99, 2**62])
def test_a_newer_version_is_named_as_the_reason(file: Path, version: int) -> None:
    changed(file, lambda document: document.update(schema_version=version, more="new"))
    with pytest.raises(UserError, match=r"newer version.*Update"):
        read_plan(file)
    changed(file, lambda document: document["prescription"].update(schema_version=version))
    with pytest.raises(UserError, match="newer"):
        read_plan(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(format="musicmed-session"),
        lambda document: document.update(schema_version="1"),
        lambda document: document.update(application=None),
        lambda document: document.update(words="x" * (MOST_WORDS + 1)),
        lambda document: document.update(words=None),
        lambda document: document.update(evil=1),
        lambda document: document.pop("words"),
        lambda document: document.update(prescription=[]),
        lambda document: document.update(prescription={}),
        lambda document: document["prescription"].update(minutes=10**6),
        lambda document: document["prescription"].update(start=[5, 5]),
        lambda document: document["prescription"].update(start="no such mood"),
        lambda document: document["prescription"].update(note="x" * 3000),
        lambda document: document["prescription"].update(evil={"a": [1]}),
        lambda document: document["prescription"].update(palette={"genres": [{}]}),
    ],
)
def test_a_hostile_prescription_is_refused(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    changed(file, change)
    with pytest.raises(UserError) as told:
        read_plan(file)
    assert told.value.title.endswith(".")
    assert told.value.hint.endswith(".")


def test_300_plans_broken_by_chance(file: Path, tmp_path: Path) -> None:
    write_plan(ASKED, file, WORDS)
    whole, content, refused = read_plan(file), file.read_bytes(), 0
    for number in range(300):
        file.write_bytes(_broken(Random(number), content))
        try:
            assert read_plan(file) == whole
        except UserError:
            refused += 1
    assert refused > 250  # some change a space, or write a number in another way
    assert [*tmp_path.iterdir()] == [file]


def _broken(chance: Random, content: bytes) -> bytes:
    at, end = sorted(chance.randrange(len(content)) for _ in range(2))
    flipped = bytes([content[at] ^ 1 << chance.randrange(8)])
    return chance.choice(
        [
            content[:at] + flipped + content[at + 1 :],
            content[:at],
            content[:at] + content[end:],
            content[:end] + content[at:],
        ]
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"{}",
        b"\xff\xfe",
        b'{"a":' * 100_000,
        b'{"words": 1e999}',
        b'{"a": 1, "a": 1}',
        b" " * 2_000_000,
    ],
    ids=["empty", "list", "cut", "nothing", "utf16", "deep", "infinite", "twice", "vast"],
)
def test_what_is_no_plan_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UserError):
        read_plan(file)
