"""Indexes of MTG-Jamendo, as they are published and as they come when something went wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from musicmed_desktop.affect import moods
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.cooccurrence import tags
from musicmed_desktop.training.dataset.index import TAGS, joined, read_index
from musicmed_desktop.training.dataset.track import Track

HEADER = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS"
ROW = "track_0000948\tartist_000087\talbum_000149\t48/948.mp3\t212.7\tmood/theme---background"
OTHER = "track_1376256\tartist_490499\talbum_161779\t56/1376256.mp3\t166.0\tmood/theme---corporate\tmood/theme---happy"


def written(folder: Path, *rows: str, end: str = "\n") -> Path:
    path = folder / "autotagging_moodtheme.tsv"
    path.write_bytes("".join(f"{line}{end}" for line in (HEADER, *rows)).encode())
    return path


def refused(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read_index(path)
    return caught.value


def row(**changed: str) -> str:
    fields = {"id": "track_0000948", "path": "48/948.mp3", "duration": "212.7", "tags": "mood/theme---calm"} | changed
    return f"{fields['id']}\tartist_000087\talbum_000149\t{fields['path']}\t{fields['duration']}\t{fields['tags']}"


def test_a_row_is_a_track(tmp_path: Path) -> None:
    background, corporate = read_index(written(tmp_path, ROW, OTHER))
    assert background == Track(
        "track_0000948", "artist_000087", "album_000149", "48/948.mp3", 212.7, moods=("background",)
    )
    assert corporate.moods == ("corporate", "happy")
    assert corporate.duration_s == 166.0


def test_every_category_has_its_place_and_says_nothing_twice(tmp_path: Path) -> None:
    mixed = "genre---ambient\tmood/theme---calm\tinstrument---piano\tmood/theme---dark\tgenre---80s\tgenre---ambient"
    (track,) = read_index(written(tmp_path, row(tags=mixed)))
    assert (track.moods, track.genres, track.instruments) == (("calm", "dark"), ("ambient", "80s"), ("piano",))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_editors_leave_their_marks(tmp_path: Path, end: str, mark: str) -> None:
    path = written(tmp_path, ROW, OTHER, "", end=end)
    path.write_bytes(mark.encode() + path.read_bytes().removesuffix(end.encode()))
    assert [track.moods for track in read_index(path)] == [("background",), ("corporate", "happy")]


def test_an_index_may_be_empty(tmp_path: Path) -> None:
    assert read_index(written(tmp_path)) == ()


def test_the_59_tags_are_those_of_the_vocabulary_and_three_more() -> None:
    assert len(TAGS) == 59
    assert set(TAGS) - {mood.word for mood in moods() if mood.kind == "tag"} == {"ambiental", "horror", "mellow"}


def test_the_whole_dataset_fits(tmp_path: Path) -> None:
    """As many tracks as the real index, with all tags that there are."""
    rng = random.Random(0)
    rows = []
    for number in range(18_486):
        words = [f"mood/theme---{TAGS[number % 59]}", f"mood/theme---{rng.choice(TAGS)}"]
        words += [f"genre---{rng.choice(tags('genre'))}", f"instrument---{rng.choice(tags('instrument'))}"]
        head = row(id=f"track_{number:07}", path=f"{number % 100:02}/{number}.mp3", tags="\t".join(words))
        rows.append(head)
    tracks = read_index(written(tmp_path, *rows, end="\r\n"))
    assert len({track.id for track in tracks}) == 18_486
    assert {word for track in tracks for word in track.moods} == set(TAGS)
    assert {word for track in tracks for word in track.genres} == set(tags("genre"))
    assert {word for track in tracks for word in track.instruments} == set(tags("instrument"))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (row(tags="mood/theme---clam"), '"clam"'),
        (row(tags="mood/theme---"), '"mood/theme---"'),
        (row(tags="weather---rain"), '"weather---rain"'),
        (row(tags="calm"), '"calm"'),
        (row(tags="genre---am\tbient"), '"bient"'),
        (row(duration="-3.0"), '"-3.0"'),
        (row(duration="0"), '"0"'),
        (row(duration="nan"), '"nan"'),
        (row(duration="inf"), '"inf"'),
        (row(duration="3:32"), '"3:32"'),
        (row(path="../948.mp3"), '"../948.mp3"'),
        (row(path="48/../../948.mp3"), '"48/../../948.mp3"'),
        (row(path="/etc/passwd"), '"/etc/passwd"'),
        (row(path="C:/music/948.mp3"), '"C:/music/948.mp3"'),
        (row(path="..\\948.mp3"), '"..\\948.mp3"'),
        (row(path=""), '""'),
        (row(id="../codes"), '"../codes"'),
        (row(id="948"), '"948"'),
        ("track_0000948\tartist_000087\talbum_000149\t48/948.mp3\t212.7", "5 fields"),
        ("<html>", "1 fields"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, bad: str, says: str) -> None:
    error = refused(written(tmp_path, OTHER, bad))
    assert error.title.startswith(f"Line 3 of {tmp_path}")
    assert says in error.title
    assert error.hint


def test_a_misspelt_mood_finds_its_neighbours(tmp_path: Path) -> None:
    assert "Did you mean calm" in refused(written(tmp_path, row(tags="mood/theme---clam"))).hint
    assert "Did you mean horror" in refused(written(tmp_path, row(tags="mood/theme---horor"))).hint


def test_a_track_comes_once(tmp_path: Path) -> None:
    error = refused(written(tmp_path, ROW, OTHER, row(path="49/949.mp3")))
    assert "Line 4" in error.title
    assert "track_0000948" in error.title


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        b"",
        b"\x00" * 300_000,
        b"TRACK_ID,ARTIST_ID,ALBUM_ID,PATH,DURATION,TAGS\n",
        "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n".encode("utf-16"),
        b"48/948.mp3\tcalm\n",
    ],
    ids=["pdf", "empty", "zeros", "commas", "utf-16", "other table"],
)
def test_another_file_is_not_an_index(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.tsv"
    path.write_bytes(content)
    assert refused(path).title == f"{path} is not an index of MTG-Jamendo."


def test_latin_letters_of_another_encoding_are_no_tag(tmp_path: Path) -> None:
    path = written(tmp_path, ROW)
    path.write_bytes(path.read_bytes() + row(id="track_0000949", tags="genre---forró").encode("latin-1"))
    assert refused(path).title.startswith(f"Line 3 of {path}")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.tsv").title == f"There is no file {tmp_path / 'missing.tsv'}."
    assert "is a folder" in refused(tmp_path).title


def test_genres_and_instruments_are_joined_by_track(tmp_path: Path) -> None:
    tracks = read_index(written(tmp_path, ROW, OTHER))
    genres = read_index(written(tmp_path, row(tags="genre---ambient\tgenre---newage"), row(id="track_0000001")))
    instruments = read_index(written(tmp_path, row(tags="instrument---piano\tinstrument---flute")))
    background, corporate = joined(tracks, genres, instruments)
    assert background.moods == ("background",)  # they stay those of the index itself
    assert background.genres == ("ambient", "newage")
    assert background.instruments == ("piano", "flute")
    assert corporate == tracks[1]
    assert joined((background, corporate), genres) == (background, corporate)
