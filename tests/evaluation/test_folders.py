"""Music that is there already, in real files, and the tables that tell what it should be."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.engines.base import CancelledError
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.folders import Reading, given, sound_files
from musicmed_desktop.training.dataset.index import HEADER

RATE = 8000


def write(file: Path, seconds: float = 3.0) -> Path:
    """A tone whose level rises from 0 to 0.5."""
    file.parent.mkdir(parents=True, exist_ok=True)
    count = round(seconds * RATE)
    soundfile.write(file, np.linspace(0.0, 0.5, count) * np.sin(np.arange(count)), RATE)
    return file


def table(folder: Path, *lines: str, header: str = "path\tmoods\ttext") -> Path:
    file = folder / "moods.tsv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return file


def test_a_table_tells_what_the_clips_should_be(tmp_path: Path) -> None:
    write(tmp_path / "a b.wav")
    write(tmp_path / "deep" / "er.flac")
    found = given(tmp_path, table(tmp_path, "a b.wav\tcalm", "", "deep/er.flac\t Happy, Sad\tsomething mixed"))
    first, second = found.items
    assert (first.key, first.prompt.moods, first.prompt.text) == ("a-b", ("calm",), "calm music")
    assert first.target == mood("calm").affect
    assert (second.key, second.prompt.moods, second.prompt.text) == ("deep-er", ("happy", "sad"), "something mixed")
    middle = mood("happy").affect.towards(mood("sad").affect, 0.5)
    assert second.target.distance(middle) == pytest.approx(0.0, abs=1e-9)
    assert found.files == {"a-b": tmp_path / "a b.wav", "deep-er": tmp_path / "deep" / "er.flac"}
    assert found.left_out == 0


def test_the_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    write(tmp_path / "a.wav")
    file = table(tmp_path, "dark\ta.wav", header="\ufeffMoods\tPath")
    assert given(tmp_path, file).items[0].target == Affect(-0.6, 0.1)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("a.wav\tclam", r"Line 3 of .*moods\.tsv: \"clam\" is not a mood tag.*Did you mean calm"),
        ("a.wav\t", r"Line 3 .* names no mood"),
        ("good.wav\tcalm", r"Line 3 .* names good\.wav again"),
        ("missing.wav\tcalm", r"Line 3 .* names missing\.wav, which is not in"),
        ("a.wav\tcalm\tx\ty", r"Line 3 .* does not have the columns"),
        ("short.wav\tcalm", r"short\.wav is too short to tell its mood.*at least 3 seconds"),
        ("./good.wav\tcalm", r"Line 3 .* names \./good\.wav again"),
        ("deep/../good.wav\tcalm", r"Line 3 .* names deep/\.\./good\.wav again"),
        ("../outside.wav\tcalm", r"Line 3 .* names \.\./outside\.wav, which does not lie in"),
        ("{there}/outside.wav\tcalm", r"Line 3 .*outside\.wav, which does not lie in"),
        (f"{'a' * 400}.wav\tcalm", r"Line 3 .* names a+\.wav, which is not in"),
        ("noise.wav\tcalm", r"noise\.wav is not a sound file, or it is damaged"),
    ],
)
def test_what_is_wrong_with_a_line_is_told(tmp_path: Path, line: str, sentence: str) -> None:
    write(tmp_path / "outside.wav")
    folder = tmp_path / "clips"
    write(folder / "good.wav")
    write(folder / "short.wav", 2.9)
    (folder / "noise.wav").write_bytes(bytes(range(256)))
    line = line.replace("{there}", tmp_path.as_posix())
    with pytest.raises(UserError) as told:
        given(folder, table(folder, "good.wav\tcalm", line))
    assert re.search(sentence, str(told.value)), told.value


def test_a_whole_path_into_the_folder_is_told_by_its_part_there(tmp_path: Path) -> None:
    file = write(tmp_path / "deep" / "er.wav")
    found = given(tmp_path, table(tmp_path, f"{file}\tcalm"))
    assert found.files == {"deep-er": file}


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("path\tmood", "does not tell which moods are intended"),
        ("path\tmoods\tpath", "does not tell which moods are intended"),
        ("", "does not tell which moods are intended"),
        ("path\tmoods", "names no sound file"),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, header: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        given(tmp_path, table(tmp_path, header=header))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder"):
        given(tmp_path / "none", table(tmp_path))
    with pytest.raises(UserError, match="no file"):
        given(tmp_path, tmp_path / "none.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"path\tmoods\n\xe9.wav\tcalm\n")
    with pytest.raises(UserError, match="not a text file in UTF-8"):
        given(tmp_path, tmp_path / "latin.tsv")


def indexed(number: int, path: str, *tags: str) -> str:
    return "\t".join([f"track_{number:07}", "artist_1", "album_1", path, "200.0", *tags])


def test_an_index_of_the_dataset_may_name_more_than_is_there(tmp_path: Path) -> None:
    write(tmp_path / "01" / "1.wav")
    write(tmp_path / "02" / "2.low.wav")
    write(tmp_path / "03" / "3.wav", 1.0)
    lines = [
        indexed(1, "01/1.wav", "mood/theme---calm", "mood/theme---mellow"),
        indexed(2, "02/2.wav", "mood/theme---happy", "genre---rock", "instrument---piano"),
        indexed(3, "03/3.wav", "mood/theme---sad"),
        indexed(4, "04/4.wav", "mood/theme---sad"),
        indexed(6, "01/" + "6" * 400 + ".wav", "mood/theme---sad"),
        indexed(5, "01/1.wav", "mood/theme---horror"),  # which is not among the words for moods
    ]
    found = given(tmp_path, table(tmp_path, *lines, header="\t".join(HEADER)))
    assert [(item.key, item.prompt.moods) for item in found.items] == [("01-1", ("calm",)), ("02-2", ("happy",))]
    assert found.items[1].prompt.text == "happy rock music with piano"
    assert found.files["02-2"] == tmp_path / "02" / "2.low.wav"
    assert found.left_out == 3
    with pytest.raises(UserError, match="No track of"):
        given(tmp_path, table(tmp_path, lines[3], header="\t".join(HEADER)))


def test_of_a_long_file_the_middle_is_heard(tmp_path: Path) -> None:
    write(tmp_path / "a.wav", 9.0)
    found = given(tmp_path, table(tmp_path, "a.wav\tcalm"))
    samples, rate = Reading(found.files, 5.0).sound(found.items[0], lambda: False)
    assert (samples.shape, rate) == ((5 * RATE, 1), RATE)
    assert samples[:RATE].max() == pytest.approx(0.5 * 3 / 9, abs=0.01)
    assert samples.max() == pytest.approx(0.5 * 7 / 9, abs=0.01)
    with pytest.raises(CancelledError):
        Reading(found.files, 5.0).sound(found.items[0], lambda: True)


def test_a_sound_that_is_not_all_numbers_is_told(tmp_path: Path) -> None:
    samples = np.full(5 * RATE, 0.1, np.float32)
    samples[4 * RATE] = np.nan
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    found = given(tmp_path, table(tmp_path, "a.wav\tcalm"))
    with pytest.raises(UserError, match=r"a\.wav holds values that are not numbers"):
        Reading(found.files, 5.0).sound(found.items[0], lambda: False)


def test_a_file_that_was_changed_is_another(tmp_path: Path) -> None:
    write(tmp_path / "a.wav")
    found = given(tmp_path, table(tmp_path, "a.wav\tcalm"))
    reading = Reading(found.files, 5.0)
    before = reading.mark(found.items[0])
    assert reading.mark(found.items[0]) == before
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[-1] ^= 1
    (tmp_path / "a.wav").write_bytes(content)
    assert reading.mark(found.items[0]) != before


def test_sound_files_are_found_in_all_folders(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("no music")
    with pytest.raises(UserError, match="no sound file in"):
        sound_files(tmp_path)
    files = (write(tmp_path / "a" / "b" / "c.FLAC"), write(tmp_path / "d.wav"))
    assert sound_files(tmp_path) == files
