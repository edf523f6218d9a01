from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop import app


def test_the_first_free_folder_is_taken(tmp_path: Path) -> None:
    assert app.free_folder(tmp_path).name == "musicmed-session"
    (tmp_path / "musicmed-session").mkdir()
    assert app.free_folder(tmp_path).name == "musicmed-session-2"
    (tmp_path / "musicmed-session-2").write_text("a file counts too")
    assert app.free_folder(tmp_path).name == "musicmed-session-3"


def test_it_composes_here_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "musicmed-session").mkdir()
    assert app.main(["--minutes", "1", "--tries", "1", "--from", "sad"]) == 0
    assert not list((tmp_path / "musicmed-session").iterdir())
    assert (tmp_path / "musicmed-session-2" / "session.flac").stat().st_size > 100_000
    assert "musicmed-session-2" in capsys.readouterr().out


def test_a_prescription_is_not_overruled_by_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.json").write_text('{"start": "sad"}')
    assert app.main(["--prescription=mine.json"]) == 2
    assert "target" in capsys.readouterr().err


def test_commands_and_version_are_handed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["moods", "calm"]) == 0
    assert "calm" in capsys.readouterr().out
    assert app.main(["--version"]) == 0
    assert "MusicMed Desktop" in capsys.readouterr().out


def test_what_it_does_not_know_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--colour", "blue"]) == 2
    assert "--colour" in capsys.readouterr().err
