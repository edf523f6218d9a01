"""`musicmed library`: looking, searching, checking, mending, the trash."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.paths import HOME
from tests.fakes.libraries import PASSPHRASE, file_of, flip, locked_library
from tests.fakes.sessions import NOON, interrupt_session, keep_session

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Where the program looks for it by itself."""
    monkeypatch.setenv(HOME, str(tmp_path))
    return Library(tmp_path)


@pytest.fixture
def evening(library: Library) -> Entry:
    entry = keep_session(library)
    return library.change(entry.id, title="Evening", note="Slept at once.\nRain.", after=Affect(0.3, -0.4))


@pytest.fixture
def later(library: Library, evening: Entry) -> Entry:
    assert evening
    return keep_session(library, NOON + timedelta(days=20), start="sad", target="happy")


def read(text: str) -> Any:
    return json.loads(text)


def test_the_newest_comes_first(musicmed: Musicmed, evening: Entry, later: Entry) -> None:
    ran = musicmed("library", "list")
    assert [line.split() for line in ran.out.splitlines()] == [
        ["id", "when", "min", "session", "afterwards"],
        [later.id[:8], "2026-05-23", "12:00", "0", "From", "sad", "to", "happy", "not", "said"],
        [evening.id[:8], "2026-05-03", "12:00", "0", "Evening", "much", "calmer,", "brighter"],
    ]
    first, second = read(musicmed("library", "list", "--json").out)["sessions"]
    assert (first["id"], second["id"]) == (later.id, evening.id)
    assert (first["after"], first["change"]) == (None, None)
    assert second["after"] == {"valence": 0.3, "arousal": -0.4}
    assert second["change"]["valence"] == 0.75
    assert second["started"] == "2026-05-03T12:00:00+00:00"


@pytest.mark.usefixtures("library")
def test_where_nothing_is_nothing_is_made(musicmed: Musicmed, tmp_path: Path) -> None:
    assert musicmed("library", "list").out == "No session.\n"
    assert read(musicmed("library", "list", "--json").out) == {"sessions": []}
    assert musicmed("library", "verify").out == "All is whole: 0 sessions.\n"
    assert read(musicmed("library", "stats", "--json").out)["sessions"] == 0
    assert musicmed("library", "show", "last").code == 2
    assert list(tmp_path.iterdir()) == []


def test_days_favourites_and_another_folder(musicmed: Musicmed, library: Library, later: Entry, tmp_path: Path) -> None:
    def listed(*options: str) -> list[str]:
        return [each["id"] for each in read(musicmed("library", "list", "--json", *options).out)["sessions"]]

    library.change(later.id, favourite=True)
    assert listed("--favourites") == [later.id]
    assert listed("--since", "2026-05-23") == [later.id]
    assert listed("--since", "2026-05-03", "--until", "2026-05-22") != [later.id]
    assert listed("--until", "2026-05-02") == []
    assert listed("--library", str(tmp_path / "other")) == []
    assert musicmed("library", "list", "--since", "May").code == 2


@pytest.mark.parametrize(
    ("words", "count"),
    [(("calmer",), 1), (("rain", "sunday"), 1), (("2026-05",), 2), (("heavier",), 0), (("happy", "23"), 1)],
)
def test_words_find_sessions(musicmed: Musicmed, later: Entry, words: tuple[str, ...], count: int) -> None:
    assert later
    assert len(read(musicmed("library", "search", *words, "--json").out)["sessions"]) == count


def test_everything_about_one(musicmed: Musicmed, evening: Entry, later: Entry) -> None:
    lines = musicmed("library", "show", evening.id[:6]).out.splitlines()
    assert lines[:2] == ["Evening", f"id          {evening.id}"]
    assert "before      anxious (-0.45, +0.78)" in lines
    assert lines[lines.index("note        Slept at once.") + 1] == "            Rain."
    shown = read(musicmed("library", "show", "last", "--json").out)
    assert shown["id"] == later.id
    assert shown["record"]["schema_version"] == 1


def test_a_name_that_is_none_or_many(musicmed: Musicmed, evening: Entry, later: Entry) -> None:
    assert evening
    assert later
    assert 'begins with "zz"' in musicmed("library", "show", "zz").err
    assert musicmed("library", "show", "").code == 2


def test_nothing_that_was_written_speaks_to_the_terminal(musicmed: Musicmed, library: Library, evening: Entry) -> None:
    library.change(evening.id, title="\x1b[31mred[bold]\nline", note="a\x1b]0;title\x07b")
    for command in ("list", "show"):
        ran = musicmed("library", command, *(["last"] if command == "show" else []))
        assert "\x1b" not in ran.out
        assert "[31mred[bold] line" in ran.out


def test_an_interrupted_session_is_told(musicmed: Musicmed, library: Library) -> None:
    found = interrupt_session(library)
    assert "1 session broke off before the end" in musicmed("library", "list").err
    ran = musicmed("library", "verify")
    assert (ran.code, "there is 1 session that broke off" in ran.out) == (0, True)
    assert read(musicmed("library", "verify", "--json").out) == {
        "sessions": 0,
        "interrupted": [found.id],
        "problems": [],
    }


def test_damage_is_found_and_mended_as_far_as_it_can_be(musicmed: Musicmed, library: Library, evening: Entry) -> None:
    flip(file_of(library, evening.id, "trajectory.svg"))
    flip(file_of(library, evening.id, "session.flac"))
    ran = musicmed("library", "verify")
    assert ran.code == 1
    assert ran.out.startswith('"Evening" of 2026-05-03 12:00: session.flac is damaged')
    mended = musicmed("library", "repair")
    assert mended.code == 1
    assert "trajectory.svg was drawn again" in mended.out
    assert "What could not be mended:\n" in mended.out
    (problem,) = read(musicmed("library", "verify", "--sound", "--json").out)["problems"][:1]
    assert problem["where"] == evening.id


def test_a_damaged_list_is_made_anew(musicmed: Musicmed, library: Library, evening: Entry) -> None:
    assert evening
    for path in library.folder.glob(f"{INDEX}*"):
        path.write_bytes(b"\0" * 8192)
    ran = musicmed("library", "verify")
    assert (ran.code, "musicmed library repair" in ran.err) == (2, True)
    assert musicmed("library", "repair", "--json").code == 0
    assert musicmed("library", "verify").code == 0
    assert "From anxious to calm" in musicmed("library", "list").out
    assert musicmed("library", "repair").out == "Nothing had to be done.\n"


def test_into_the_trash_and_back_and_out_of_it(
    musicmed: Musicmed, library: Library, evening: Entry, later: Entry
) -> None:
    ran = musicmed("library", "delete", "last")
    assert ran.out == (
        f'In the trash: "From sad to happy" of 2026-05-23 12:00. '
        f"To undo it: musicmed library delete --undo {later.id[:8]}\n"
    )
    assert [each.id for each in library.deleted()] == [later.id]
    assert "From sad to happy" in musicmed("library", "list", "--deleted").out
    musicmed("library", "delete", "--undo", later.id[:8])
    assert not library.deleted()
    musicmed("library", "delete", evening.id, later.id)
    refused = musicmed("library", "delete", "--empty")
    assert (refused.code, len(library.deleted())) == (2, 2)
    assert musicmed("library", "delete", "--empty", "--yes").out == "Removed for good: 2 sessions.\n"
    assert musicmed("library", "delete", "--empty", "--yes", "--json").out.strip().startswith("{")
    assert not library.deleted()
    assert musicmed("library", "delete").code == 2


def test_what_all_sessions_tell(musicmed: Musicmed, later: Entry) -> None:
    assert later
    lines = musicmed("library", "stats").out.splitlines()
    assert lines[0] == "sessions    2, 0 minutes of music"
    assert "on average  much calmer, brighter (pleasant +0.75, lively -1.18)" in lines
    assert lines[-1].split() == ["2026-05", "2", "1", "+0.75", "-1.18"]
    assert read(musicmed("library", "stats", "--json").out)["mean"] == {"valence": 0.75, "arousal": -1.18}


def test_a_locked_library_wants_its_passphrase(musicmed: Musicmed, tmp_path: Path) -> None:
    library = locked_library(tmp_path / "locked")
    entry = keep_session(library)
    (tmp_path / "right").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    (tmp_path / "wrong").write_text("another\n", encoding="utf-8")
    place = ("--library", str(library.folder))
    assert "nobody to ask" in musicmed("library", "list", *place).err
    refused = musicmed("library", "list", *place, "--passphrase-file", str(tmp_path / "wrong"))
    assert (refused.code, "passphrase does not fit" in refused.err) == (2, True)
    for command in ("list", "verify", "repair"):
        ran = musicmed("library", command, *place, "--passphrase-file", str(tmp_path / "right"))
        assert ran.code == 0
    assert entry.id[:8] in musicmed("library", "list", *place, "--passphrase-file", str(tmp_path / "right")).out
