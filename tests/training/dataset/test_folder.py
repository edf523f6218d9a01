"""The dataset in its folder, in the layouts that people have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musicmed_desktop.affect import quadrant
from musicmed_desktop.audio.files import read_audio
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.captions import affect_of
from musicmed_desktop.training.dataset.folder import Dataset, read_dataset
from musicmed_desktop.training.dataset.track import Excluded, Source
from tests.fakes.jamendo import HEADER, miniature


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return miniature(tmp_path / "mtg-jamendo-dataset", tracks_per_quadrant=1, seconds=1.0)


def index(folder: Path, part: str, split: int = 0) -> Path:
    return folder / "data" / "splits" / f"split-{split}" / f"autotagging_moodtheme-{part}.tsv"


def refused(folder: Path, audio: Path | None = None, split: int = 0) -> UserError:
    with pytest.raises(UserError) as caught:
        read_dataset(folder, audio, split)
    return caught.value


def ids(sources: tuple[Source, ...]) -> set[str]:
    return {source.track.id for source in sources}


def all_sources(dataset: Dataset) -> tuple[Source, ...]:
    return dataset.train + dataset.validation + dataset.test


def test_a_split_has_its_tracks_with_their_sound_and_all_their_tags(folder: Path) -> None:
    dataset = read_dataset(folder)
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [4, 4, 4]
    assert len(ids(all_sources(dataset))) == 12
    assert dataset.excluded == ()
    happy = dataset.train[0]
    assert happy.file == folder / "audio" / "48" / "948.mp3"
    assert happy.track.moods == ("happy", "energetic")
    assert happy.track.genres == ("pop",)
    assert happy.track.instruments == ("guitar", "drums")


def test_the_miniature_sounds_and_has_every_quadrant_in_every_part(folder: Path) -> None:
    dataset = read_dataset(folder)
    for part in (dataset.train, dataset.validation, dataset.test):
        places = [affect_of(source.track.moods) for source in part]
        assert len({quadrant(place) for place in places if place is not None}) == 4
    for source in all_sources(dataset):
        samples, rate = read_audio(source.file)
        assert len(samples) == pytest.approx(rate, rel=0.1)
        assert abs(samples).max() > 0.005


def test_each_split_has_tests_of_its_own(folder: Path) -> None:
    tests = [ids(read_dataset(folder, split=split).test) for split in range(3)]
    assert set.union(*tests) == ids(all_sources(read_dataset(folder)))
    assert not tests[0] & tests[1]


@pytest.mark.parametrize("inside", ["data", "data/splits", "data/splits/split-0"])
def test_any_folder_on_the_way_to_the_indexes_will_do(folder: Path, inside: str) -> None:
    assert read_dataset(folder / inside, folder / "audio") == read_dataset(folder)


def test_the_sound_may_lie_beside_the_data_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_dataset(folder / "data") == read_dataset(folder)
    monkeypatch.chdir(folder / "data")
    assert read_dataset(Path()) == read_dataset(folder)


def test_everything_may_lie_in_one_folder(folder: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    shutil.copytree(folder / "data" / "splits" / "split-1", flat)
    shutil.copytree(folder / "audio", flat, dirs_exist_ok=True)
    dataset = read_dataset(flat)
    assert ids(dataset.train) == ids(read_dataset(folder, split=1).train)
    assert dataset.train[0].file.parent.parent == flat


def test_low_quality_will_do(folder: Path) -> None:
    low = folder / "audio-low"
    for file in sorted((folder / "audio").rglob("*.mp3")):
        (low / file.parent.name).mkdir(parents=True, exist_ok=True)
        file.rename(low / file.parent.name / f"{file.stem}.low.mp3")
    dataset = read_dataset(folder)
    assert dataset.excluded == ()
    assert dataset.train[0].file == low / "48" / "948.low.mp3"
    assert read_dataset(folder, low) == dataset


def test_full_quality_comes_first(folder: Path) -> None:
    shutil.copytree(folder / "audio", folder / "audio-low")
    first = folder / "audio-low" / "48" / "948.mp3"
    first.rename(first.with_name("948.low.mp3"))
    assert read_dataset(folder).train[0].file == folder / "audio" / "48" / "948.mp3"
    (folder / "audio" / "48" / "948.mp3").unlink()
    assert read_dataset(folder).train[0].file == folder / "audio-low" / "48" / "948.low.mp3"


def test_the_whole_indexes_stand_in_for_those_of_the_split(folder: Path) -> None:
    expected = read_dataset(folder)
    for kind in ("genre", "instrument"):
        for path in (folder / "data" / "splits").rglob(f"autotagging_{kind}-*.tsv"):
            path.unlink()
    assert read_dataset(folder) == expected
    for kind in ("genre", "instrument"):
        (folder / "data" / f"autotagging_{kind}.tsv").unlink()
    assert {source.track.genres + source.track.instruments for source in read_dataset(folder).train} == {()}


def test_a_missing_sound_file_is_told_and_not_fatal(folder: Path) -> None:
    before = read_dataset(folder)
    gone = (before.train[1], before.test[0])
    for source in gone:
        source.file.unlink()
    dataset = read_dataset(folder)
    assert dataset.train == before.train[:1] + before.train[2:]
    assert dataset.excluded == tuple(Excluded(s.track.id, s.track.path, "its sound file is missing") for s in gone)


def test_a_track_without_a_mood_has_no_place(folder: Path) -> None:
    path = index(folder, "train")
    path.write_bytes(path.read_bytes().replace(b"mood/theme---sad\r\n", b"genre---classical\r\n"))
    dataset = read_dataset(folder)
    assert [each.reason for each in dataset.excluded] == ["none of its moods has a place on the circumplex"]
    assert len(dataset.train) == 3


def test_a_test_without_sound_does_not_keep_from_training(folder: Path) -> None:
    for source in read_dataset(folder).test:
        source.file.unlink()
    dataset = read_dataset(folder)
    assert dataset.test == ()
    assert len(dataset.excluded) == 4


@pytest.mark.parametrize("part", ["train", "validation"])
def test_a_training_needs_sound_to_learn_from_and_to_validate_with(folder: Path, part: str) -> None:
    for source in getattr(read_dataset(folder), part):
        source.file.unlink()
    error = refused(folder)
    assert error.title == f"Not one of the 4 tracks in the split's {part} part can be used."
    assert "its sound file is missing" in error.detail


def test_without_any_sound_it_is_said_where_was_looked(folder: Path, tmp_path: Path) -> None:
    (folder / "audio").rename(tmp_path / "elsewhere")
    error = refused(folder)
    assert "sound files" in error.title
    assert "--audio" in error.hint
    assert str(folder / "audio-low") in error.detail
    assert read_dataset(folder, tmp_path / "elsewhere").excluded == ()
    assert str(folder / "data") in refused(folder, folder / "data").detail


def test_wrong_folders_are_named(folder: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert refused(missing).title == f"There is no folder {missing}."
    assert refused(folder, missing).title == f"There is no folder {missing}."
    file = index(folder, "train")
    assert refused(file).title == f"{file} is a file, not a folder."
    assert refused(folder / "audio").title == f"Split 0 of MTG-Jamendo is not in {folder / 'audio'}."
    error = refused(folder, split=7)
    assert error.title == f"Split 7 of MTG-Jamendo is not in {folder}."
    assert "split-7" in error.hint


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_a_split_has_no_empty_or_missing_part(folder: Path, part: str) -> None:
    index(folder, part).write_bytes(f"{HEADER}\r\n".encode())
    assert refused(folder).title.startswith(f"The {part} part of the split is empty")
    index(folder, part).unlink()
    assert "autotagging_moodtheme" in refused(folder).title + refused(folder).hint


def test_what_is_learnt_is_not_what_is_measured(folder: Path) -> None:
    shutil.copy(index(folder, "train"), index(folder, "test"))
    assert "train and the test part of the split both have track_0000948" in refused(folder).title


def test_a_broken_index_is_found_before_the_sound_is_looked_for(folder: Path) -> None:
    shutil.rmtree(folder / "audio")
    index(folder, "validation").write_bytes(b"%PDF-1.7\n\xff\xfe")
    assert "is not an index of MTG-Jamendo" in refused(folder).title


def test_a_broken_sound_file_is_left_to_others(folder: Path) -> None:
    before = read_dataset(folder)
    before.train[0].file.write_bytes(b"not an mp3")
    assert read_dataset(folder) == before
