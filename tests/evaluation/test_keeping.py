from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.files import read_audio
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.items import items
from musicmed_desktop.evaluation.keeping import Shelf
from musicmed_desktop.evaluation.values import Embedding, Heard, Walk
from musicmed_desktop.evaluation.walking import Journey

ITEM, OTHER = items(("calm", "sad"), ("piano",), 1)
SOUND = np.full((400, 1), 0.25, np.float32)
JOURNEY = Journey("sad", "happy", 1, 4.0)
WALK = Walk("sad", "happy", 1, 0.1 + 0.2, 1 / 3, 0.0, 0.5)


def unit(seed: int = 0) -> Embedding:
    drawn = np.random.default_rng(seed).normal(size=512)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def heard() -> Heard:
    return Heard(ITEM, Affect(1 / 3, -0.1), float(np.float32(0.1)), ("calm", "soft"), unit())


def test_what_was_heard_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    Shelf(tmp_path / "a").keep_clip(heard(), "mark", SOUND, 100)
    kept = Shelf(tmp_path / "a").clip(ITEM, "mark")
    assert kept is not None
    assert (kept.item, kept.measured, kept.clap_score) == (ITEM, heard().measured, heard().clap_score)
    assert kept.clap_tags == ("calm", "soft")
    assert kept.embedding is not None
    assert kept.embedding.dtype == np.float32
    np.testing.assert_array_equal(kept.embedding, unit())
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"calm-piano-1.json"}


def test_without_clap_less_is_heard(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_clip(Heard(ITEM, Affect(0.0, 0.0)), "", SOUND, 100)
    kept = shelf.clip(ITEM, "")
    assert kept is not None
    assert (kept.clap_score, kept.clap_tags, kept.embedding) == (None, (), None)


def test_what_was_heard_of_something_else_is_not_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_clip(heard(), "mark", SOUND, 100)
    assert shelf.clip(OTHER, "mark") is None
    assert shelf.clip(ITEM, "another") is None
    assert shelf.clip(replace(ITEM, seed=1), "mark") is None
    shelf.keep_walk(JOURNEY, WALK, SOUND, 100)
    assert shelf.walk(JOURNEY) == WALK
    assert shelf.walk(replace(JOURNEY, minutes=5.0)) is None
    shelf.keep_reference("song", "mark", unit())
    assert shelf.reference("song", "another") is None
    np.testing.assert_array_equal(shelf.reference("song", "mark"), unit())


def test_what_could_not_be_measured_is_null(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_walk(JOURNEY, replace(WALK, join_jump_lu=np.nan), SOUND, 100)
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_bytes())["walk"]["join_jump_lu"] is None
    kept = shelf.walk(JOURNEY)
    assert kept is not None
    assert np.isnan(kept.join_jump_lu)
    assert replace(kept, join_jump_lu=0.0) == WALK


def test_what_is_damaged_is_not_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_clip(heard(), "", SOUND, 100)
    file = tmp_path / "calm-piano-1.json"
    whole = file.read_bytes()
    for content in (b"", whole[:-20], whole.replace(b"-0.1", b"-9.1"), whole.replace(b'"seed"', b'"sead"'), b"\xff"):
        file.write_bytes(content)
        assert shelf.clip(ITEM, "") is None
    file.write_bytes(whole)
    assert shelf.clip(ITEM, "") is not None


def test_music_is_kept_on_request_and_then_belongs_to_what_was_heard(tmp_path: Path) -> None:
    Shelf(tmp_path).keep_clip(heard(), "", SOUND, 8000)
    shelf = Shelf(tmp_path, sounds=True)
    assert shelf.clip(ITEM, "") is None
    shelf.keep_clip(heard(), "", SOUND, 8000)
    samples, rate = read_audio(tmp_path / "calm-piano-1.flac")
    assert rate == 8000
    np.testing.assert_allclose(samples, SOUND, atol=1e-4)
    assert shelf.clip(ITEM, "") is not None


def test_what_a_killed_program_left_goes(tmp_path: Path) -> None:
    for name in (".calm-piano-1.json.x.part", "calm-piano-1.flac.part"):
        (tmp_path / name).write_bytes(b"half")
    Shelf(tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError):
        Shelf(tmp_path / "file")
    shelf = Shelf(tmp_path / "a")
    (tmp_path / "a").rmdir()
    with pytest.raises(UserError, match="no folder"):
        shelf.keep_walk(JOURNEY, WALK, SOUND, 100)
