from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

WALK = ("plan", "--from", "anxious", "--to", "calm")


def test_the_plan_is_a_table_of_plateaus(musicmed: Musicmed) -> None:
    ran = musicmed(*WALK, "--seed", "7")
    assert ran.code == 0
    header, *rows, summary = ran.out.splitlines()
    assert header.split()[:2] == ["steps", "from"]
    assert "anxious" in rows[0]
    assert "calm" in rows[-1]
    assert summary == "30 steps, 15:00 minutes, seed 7."
    ends = [re.split(r"\s{2,}", row)[1:3] for row in rows]
    assert [end for _, end in ends[:-1]] == [start for start, _ in ends[1:]]


def test_json_is_one_document(musicmed: Musicmed) -> None:
    planned = json.loads(musicmed(*WALK, "--seed", "7", "--json").out)
    assert planned["seed"] == 7
    assert planned["seconds"] == 900
    assert [step["index"] for step in planned["steps"]] == list(range(30))


def test_the_same_seed_gives_the_same_plan(musicmed: Musicmed) -> None:
    first, second = (musicmed(*WALK, "--seed", "3", "--json").out for _ in range(2))
    assert first == second


def test_without_a_seed_one_is_drawn_and_told(musicmed: Musicmed) -> None:
    seeds = {musicmed(*WALK).out.rsplit("seed ", 1)[1] for _ in range(3)}
    assert len(seeds) == 3


@pytest.mark.parametrize("given", [["--from=-0.6,0.7"], ["--from", "-0.6,0.7"]])
def test_a_point_works_with_and_without_an_equals_sign(musicmed: Musicmed, given: list[str]) -> None:
    planned = json.loads(musicmed("plan", *given, "--to", "calm", "--json").out)
    assert planned["prescription"]["start"] == {"valence": -0.6, "arousal": 0.7}


def test_instruments_and_genres_reach_the_music(musicmed: Musicmed) -> None:
    ran = musicmed(*WALK, "--instrument", "cello", "--genre", "ambient", "--json")
    for step in json.loads(ran.out)["steps"]:
        assert step["prompt"]["genre"] == "ambient"
        assert "cello" in step["prompt"]["instruments"]


def test_options_overrule_the_prescription_and_leave_the_rest(musicmed: Musicmed, tmp_path: Path) -> None:
    file = tmp_path / "prescription.json"
    document = {
        "start": "sad",
        "target": "happy",
        "minutes": 20,
        "palette": {"instruments": ["piano"], "genres": ["ambient"]},
        "note": "After lunch",
    }
    file.write_text(json.dumps(document))
    ran = musicmed("plan", "--prescription", str(file), "--minutes", "2", "--genre", "jazz", "--json")
    asked = json.loads(ran.out)["prescription"]
    assert asked["minutes"] == 2
    assert asked["palette"] == {"instruments": ["piano"], "genres": ["jazz"]}
    assert asked["note"] == "After lunch"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "ankious", "--to", "calm"], r'"ankious" is not a mood.*anxious'),
        (["--from", "sad", "--to", ""], r"is not a mood"),
        (["--from", "1.2,0", "--to", "calm"], r'"1.2,0" is not a point.*from -1 to 1'),
        (["--from", "nan,0", "--to", "calm"], r'"nan,0" is not a point'),
        (["--from", "0.1,inf", "--to", "calm"], r'"0.1,inf" is not a point'),
        (["--from", "0.1,0.2,0.3", "--to", "calm"], r"is not a point"),
        (["--from", "sad,happy", "--to", "calm"], r"is not a point"),
        (["--from", "sad"], r"feel is missing\. Add --to"),
        ([], r"How you feel is missing\. Add --from"),
        (["--from", "sad", "--to", "calm", "--minutes", "0.5"], r"minutes.* cannot be 0.5.*from 1 to 60"),
        (["--from", "sad", "--to", "calm", "--minutes", "61"], r"from 1 to 60"),
        (["--from", "sad", "--to", "calm", "--minutes", "nan"], r"from 1 to 60"),
        (["--from", "sad", "--to", "calm", "--minutes", "-5"], r"from 1 to 60"),
        (["--from", "sad", "--to", "calm", "--minutes", "long"], r"'long' is not a valid float.*--help"),
        (["--from", "sad", "--to", "calm", "--instrument", "pianoo"], r'"pianoo" is not an instrument.*piano'),
        (["--from", "sad", "--to", "calm", "--genre", "jaz"], r'"jaz" is not a genre.*jazz'),
        (["--from", "sad", "--to", "calm", "--seed", "-1"], r"--seed.*--help"),
        (["--prescription", "nowhere.json"], r"nowhere\.json cannot be read"),
        (["--form", "sad"], r"No such option.*--from.*--help"),
        (["--from"], r"--from.*--help"),
        (["surplus"], r"surplus.*--help"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(musicmed: Musicmed, arguments: list[str], sentence: str) -> None:
    ran = musicmed("plan", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert re.search(sentence, ran.err)
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"start": "sad"}', '{"start": "sad", "target": "calm", "minutes": "long"}', "\xff"]
)
def test_a_broken_prescription_is_refused_in_one_line(musicmed: Musicmed, tmp_path: Path, text: str) -> None:
    file = tmp_path / "prescription.json"
    file.write_text(text, encoding="latin-1")
    ran = musicmed("plan", "--prescription", str(file))
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
