from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop.engines.musicgen.checkpoint.local import find_local
from musicmed_desktop.errors import UserError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def cached(cache: Path, name: str) -> Path:
    """A model as Hugging Face keeps it."""
    model = cache / f"models--{name.replace('/', '--')}"
    snapshot = model / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("0123")
    return snapshot


def test_a_folder_beside_the_file_comes_first(tmp_path: Path, cache: Path) -> None:
    cached(cache, "facebook/encodec_32khz")
    beside = tmp_path / "encodec_32khz"
    beside.mkdir()
    assert find_local(tmp_path, "facebook/encodec_32khz", tmp_path / "file") == beside


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("facebook/encodec_32khz", "facebook/encodec_32khz"), ("t5-base", "t5-base"), ("t5-base", "google-t5/t5-base")],
)
def test_the_cache_comes_next(tmp_path: Path, cache: Path, asked: str, kept: str) -> None:
    snapshot = cached(cache, kept)
    assert find_local(tmp_path, asked, tmp_path / "file") == snapshot


def test_what_is_nowhere_is_named_and_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="needs facebook/encodec_32khz, which is not on this computer") as refused:
        find_local(tmp_path, "facebook/encodec_32khz", tmp_path / "file")
    assert str(tmp_path / "encodec_32khz") in refused.value.hint


@pytest.mark.parametrize("name", ["..", "../x", "a/..", "/etc", "a/b/c", "", ".hidden", "C:\\x", "a b", None, 3, "a\n"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: object) -> None:
    with pytest.raises(UserError, match="file is damaged"):
        find_local(tmp_path / "inside", name, tmp_path / "file")
