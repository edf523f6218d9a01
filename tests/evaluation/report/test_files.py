from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.report import write_report
from musicmed_desktop.evaluation.values import Evaluation
from tests.fakes.evaluations import evaluation, hostile, single


def written(found: Evaluation, folder: Path) -> dict[str, bytes]:
    page = write_report(found, folder)
    assert page == folder / "report.html"
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_condition_has_its_pictures(tmp_path: Path) -> None:
    files = written(evaluation(), tmp_path / "a" / "b")
    names = [row.condition for row in evaluation().rows]
    pictures = {f"{kind}-{name}.svg" for kind in ("circumplex", "confusion") for name in names}
    assert files.keys() == {"report.html", "results.json", "table.csv", "table.md", "comparison.svg", *pictures}


def test_every_file_is_whole(found: Evaluation, tmp_path: Path) -> None:
    for name, content in written(found, tmp_path).items():
        text = content.decode("utf-8-sig")
        if name.endswith((".svg", ".html")):
            ElementTree.fromstring(text)
        elif name.endswith(".json"):
            assert json.loads(text)["format"] == "musicmed-desktop evaluation"
        elif name.endswith(".csv"):
            assert {len(row) for row in csv.reader(io.StringIO(text), strict=True)} == {6}
        else:
            assert name == "table.md"
            assert text.startswith("# Evaluation\n")
            assert text.endswith("\n")
        assert not re.search(rb"\bnan\b", content, re.IGNORECASE)


def test_the_same_evaluation_gives_the_same_files(tmp_path: Path) -> None:
    assert written(evaluation(), tmp_path / "a") == written(evaluation(), tmp_path / "b")


def test_a_report_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write_report(single(3), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    assert written(single(), tmp_path) == {**written(single(), tmp_path / "new"), "notes.txt": b"mine"}


def test_names_become_names_of_files(tmp_path: Path) -> None:
    pictures = [name for name in written(hostile(), tmp_path) if name.endswith(".svg")]
    assert len(pictures) == 5
    assert all(len(name) < 120 and name.isascii() and not set(name) & set('<>:"/\\|?*&') for name in pictures)


def test_a_disk_that_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="not be written"):
        write_report(single(), tmp_path / "file")
    (tmp_path / "report" / "table.md").mkdir(parents=True)
    with pytest.raises(UserError, match=r"table\.md is a folder"):
        write_report(single(), tmp_path / "report")
    assert not (tmp_path / "report" / "report.html").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="its user may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="may not write"):
        write_report(single(), tmp_path)
