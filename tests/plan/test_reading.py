import json
import os
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import load_prescription, parse_prescription

WAY = {"start": "lonely", "target": "content"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_holds_what_the_document_says(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "evening.json"
    file.write_text(json.dumps({**WAY, "note": "für später"}, ensure_ascii=False), encoding=encoding)
    assert load_prescription(file) == parse_prescription({**WAY, "note": "für später"})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not valid JSON at line 1, column 1"),
        (b"start: calm", "is not valid JSON at line 1, column 1"),
        (b'{"start": "calm",\n "target": }', "is not valid JSON at line 2, column 12"),
        (b'{"start": "calm", "note": "\xe4"}', "is not in UTF-8"),
        ('{"start": "calm"}'.encode("utf-16"), "is not in UTF-8"),
        (b"\x00\x01\x02", "is not valid JSON"),
        (b"[" * 200_000, "is not valid JSON"),
        (b'{"minutes": ' + b"9" * 20_000 + b"}", "is not valid JSON"),
        (b" " * 1_000_001, "is too large"),
        (b'{"start": "calm", "target": "calm", "minutes": NaN}', '"minutes" cannot be NaN'),
        (b'{"start": "calm", "target": "calm", "minutes": 1e999}', '"minutes" cannot be Infinity'),
        (b'{"start": "calm", "target": "clam"}', '"clam" is not a mood that I know. Did you mean calm?'),
    ],
)
def test_a_broken_file_is_answered_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    with pytest.raises(UserError) as refused:
        load_prescription(file)
    assert sentence in str(refused.value)
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(UserError) as refused:
            load_prescription(path)
        assert str(path) in refused.value.title
        assert refused.value.hint == "Give the path of a JSON file."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_one_may_not_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "locked.json"
    file.write_text(json.dumps(WAY), encoding="utf-8")
    file.chmod(0)
    with pytest.raises(UserError, match="cannot be read"):
        load_prescription(file)
