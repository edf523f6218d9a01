from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from musicmed_desktop import doctor
from musicmed_desktop.doctor import Finding

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed


def test_it_tells_versions_and_sounds(musicmed: Musicmed) -> None:
    ran = musicmed("doctor")
    assert ran.code == 0
    assert "ok      MusicMed Desktop: " in ran.out
    assert "SoundFont: " in ran.out
    assert "sound output: " in ran.out


def test_json_is_one_document(musicmed: Musicmed) -> None:
    findings = json.loads(musicmed("doctor", "--json").out)
    assert all(finding.keys() == {"name", "status", "text", "hint"} for finding in findings)
    assert {"Python", "numpy", "SoundFont", "MusicGen", "music models", "MusicGen's place"} <= {
        finding["name"] for finding in findings
    }


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_what_is_missing_changes_the_exit_code(
    musicmed: Musicmed, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    missing = Finding("numpy", "missing", "does not load", "Set the program up again.")
    monkeypatch.setattr(doctor, "examine", lambda: iter([missing]))
    ran = musicmed("doctor", *option)
    assert ran.code == 1
    assert "Set the program up again." in ran.out
