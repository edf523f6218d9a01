from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import models_folder, settings_file
from musicmed_desktop.settings import CAREFUL_LIMIT, Settings, load_settings, save_settings
from tests.fakes.editions import install, make_portable
from tests.fakes.killing import kill_while, small_disk

EVERYTHING = Settings(
    sound_device="Kopfhörer 🎧 / USB",
    volume=0.3,
    volume_limit=0.7,
    volume_locked=True,
    hearing_care=True,
    text_size=175,
    theme="contrast",
    library_folder=Path.home() / "Music",
    engine="musicgen",
    model=Path.home() / "musicgen-small",
    adapter=Path.home() / "lullabies",
    adapter_strengths={str(Path.home() / "lullabies"): 0.5},
    model_window=(20.0, 12.5),
    offline=True,
    instruments=("piano", "cello"),
    genre="ambient",
    minutes=20.0,
    first_run_done="1",
    window="AdnQywADAAA=",
)


def keep(path: Path, document: object) -> bytes:
    raw = json.dumps(document).encode()
    path.write_bytes(raw)
    return raw


def test_every_setting_has_a_default_and_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert not field.is_required(), name
        assert field.description is not None, name
        assert field.description.endswith("."), name
    different = {name for name in Settings.model_fields if getattr(EVERYTHING, name) != getattr(Settings(), name)}
    assert different == Settings.model_fields.keys()


def test_without_a_file_there_are_defaults_and_no_notice(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none" / "settings.json") == (Settings(), None)
    assert list(tmp_path.iterdir()) == []


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    save_settings(EVERYTHING, path)
    assert load_settings(path) == (EVERYTHING, None)
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_only_what_differs_is_written_so_that_better_defaults_reach_everybody(tmp_path: Path) -> None:
    save_settings(Settings(volume=0.3), tmp_path / "settings.json")
    assert json.loads((tmp_path / "settings.json").read_bytes()) == {"volume": 0.3}


def test_who_chose_the_built_in_composer_keeps_it(tmp_path: Path) -> None:
    keep(tmp_path / "settings.json", {"engine": "builtin"})
    settings, notice = load_settings(tmp_path / "settings.json")
    assert (settings.engine, notice) == ("builtin", None)
    save_settings(settings.changed(volume=0.3), tmp_path / "settings.json")
    assert load_settings(tmp_path / "settings.json")[0].engine == "builtin"


def test_what_a_newer_version_knows_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    keep(path, {"volume": 0.3, "lamp": {"colour": ["warm", 2700]}})
    found, notice = load_settings(path)
    assert notice is None
    save_settings(found.changed(volume=0.2), path)
    assert json.loads(path.read_bytes()) == {"volume": 0.2, "lamp": {"colour": ["warm", 2700]}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("volume", 1.5),
        ("volume", float("nan")),
        ("volume", "loud"),
        ("text_size", 110),
        ("theme", "sepia"),
        ("library_folder", "somewhere"),
        ("instruments", "piano"),
        ("instruments", ["piano"] * 13),
        ("minutes", 1e9),
        ("engine", ""),
        ("model", "musicgen-small"),
        ("adapter", 7),
        ("adapter_strengths", {"/lullabies": 1.1}),
        ("adapter_strengths", 0.5),
        ("sound_device", "\ud800"),
        ("window", {"x": 1}),
    ],
)
def test_one_foreign_value_falls_back_and_the_file_is_kept(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.json"
    raw = keep(path, {"genre": "ambient", name: value})
    found, notice = load_settings(path)
    assert found == Settings(genre="ambient")
    assert notice is not None
    assert name.replace("_", " ") in notice.detail
    assert (tmp_path / "settings.json.broken").read_bytes() == raw
    assert load_settings(path) == (found, None)  # told once


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"\x00" * 4096, b'{"volume": 0.5', b"[" * 100_000, b"9" * 5_000],
    ids=["empty", "half", "list", "null", "not UTF-8", "zeros", "cut off", "deep", "long number"],
)
def test_a_broken_file_gives_the_defaults_and_is_kept(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(raw)
    found, notice = load_settings(path)
    assert found == Settings()
    assert notice is not None
    assert (tmp_path / "settings.json.broken").read_bytes() == raw


@given(raw=st.binary(max_size=200) | st.dictionaries(st.text(), st.text() | st.integers() | st.floats()).map(repr))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_whatever_the_file_holds_there_are_settings(tmp_path: Path, raw: bytes | str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.replace("'", '"').encode(errors="replace"))
    found, _ = load_settings(path)
    save_settings(found, path)
    assert load_settings(path)[1] is None


def test_a_folder_in_its_place_is_told_and_left(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    found, notice = load_settings(path)
    assert (found, notice and notice.title) == (Settings(), f"{path} is a folder, not a file.")
    with pytest.raises(UserError, match="is a folder"):
        save_settings(Settings(volume=0.1), path)


def test_values_are_checked_when_they_change() -> None:
    with pytest.raises(ValidationError):
        Settings().changed(volume=2)
    assert Settings().changed(volume=1).volume == 1.0
    with pytest.raises(ValidationError):
        Settings().volume = 0.1


def test_each_adapter_keeps_its_own_strength() -> None:
    soft, loud = Path.home() / "soft", Path.home() / "loud"
    settings = Settings().with_strength(soft, 0.4).with_strength(loud, 0.7).with_strength(soft, 0.3)
    assert [settings.strength_of(adapter) for adapter in (soft, loud, Path.home(), None)] == [0.3, 0.7, 1.0, 1.0]
    assert Settings().adapter_strengths == {}


def test_care_for_the_ears_lowers_the_limit_and_never_raises_it() -> None:
    assert Settings().with_hearing_care().volume_limit == CAREFUL_LIMIT
    assert Settings(volume_limit=0.2).with_hearing_care().volume_limit == 0.2
    assert Settings().with_hearing_care().hearing_care


def test_killed_at_any_moment_the_settings_are_the_old_ones_or_the_new_ones(tmp_path: Path) -> None:
    program = """
import sys
from itertools import count
from pathlib import Path
from musicmed_desktop.settings import Settings, save_settings
for number in count():
    save_settings(Settings(volume=0.25, window=str(number) * 1000), Path(sys.argv[1]))
    if not number: print("begun", flush=True)
"""
    path = tmp_path / "settings.json"
    chance = Random(5)
    for _ in range(6):
        kill_while(program, str(path), seconds=chance.uniform(0, 0.05))
        found, notice = load_settings(path)
        assert notice is None
        assert found.volume == 0.25
        assert len(found.window) % 1000 == 0
        assert found.window == found.window[: len(found.window) // 1000] * 1000


@pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")
def test_a_disk_that_is_full_or_read_only_is_told_and_the_old_settings_stay(tmp_path: Path) -> None:
    with small_disk(tmp_path / "full") as disk:
        save_settings(Settings(volume=0.1), disk / "settings.json")
        (disk / "diary").write_bytes(b"x" * (56 * 1024))
        with pytest.raises(UserError, match="The disk is full"):
            save_settings(Settings(window="x" * 9_000), disk / "settings.json")
        assert load_settings(disk / "settings.json") == (Settings(volume=0.1), None)
    with small_disk(tmp_path / "locked", "size=64k,ro") as disk, pytest.raises(UserError, match="read-only"):
        save_settings(Settings(), disk / "settings.json")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_someone_else_is_told(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    keep(theirs / "settings.json", {"volume": "loud"})
    theirs.chmod(0o555)
    found, notice = load_settings(theirs / "settings.json")
    assert found == Settings()
    assert notice is not None
    with pytest.raises(UserError, match="You may not write"):
        save_settings(found, theirs / "settings.json")


@pytest.mark.parametrize("window", [(30.5, 18.0), (10.0, 12.0), (10.0, 0.5), (0.0, 0.0), (float("nan"), 1.0)])
def test_a_window_that_no_model_knows_is_refused(window: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match="not from 1 to 30"):
        Settings(model_window=window)


def test_the_settings_of_a_portable_program_hold_on_another_drive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "media-anna", tmp_path / "media-ben"
    for place in (first, second):
        make_portable(monkeypatch, place)
    install(monkeypatch, first, light=False)
    model, adapter = models_folder() / "small", models_folder() / "soft"
    chosen = Settings(model=model, adapter=adapter, library_folder=tmp_path / "elsewhere").with_strength(adapter, 0.4)
    save_settings(chosen, settings_file())
    (first / "MusicMed data").rename(second / "MusicMed data")
    install(monkeypatch, second, light=False)
    found, problem = load_settings(settings_file())
    assert problem is None
    assert found.model == second / "MusicMed data" / "models" / "small"
    assert found.adapter == second / "MusicMed data" / "models" / "soft"
    assert found.strength_of(found.adapter) == 0.4
    assert found.library_folder == tmp_path / "elsewhere"


def test_otherwise_a_folder_has_to_begin_at_the_root() -> None:
    with pytest.raises(ValidationError, match="depends on where"):
        Settings(model=Path("models/small"))
