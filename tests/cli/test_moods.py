from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

from musicmed_desktop.affect import moods


def test_all_moods_are_listed(musicmed: Musicmed) -> None:
    ran = musicmed("moods")
    assert ran.code == 0
    words = [line.split("  ")[0] for line in ran.out.splitlines()[1:]]
    assert words == [mood.word for mood in moods()]


def test_a_part_of_a_word_filters(musicmed: Musicmed) -> None:
    lines = musicmed("moods", "HOPE").out.splitlines()
    assert len(lines) >= 2
    assert all("hope" in line for line in lines[1:])


def test_near_a_point_the_nearest_comes_first(musicmed: Musicmed) -> None:
    listed = json.loads(musicmed("moods", "--near", "-0.6,0.7", "--count", "5", "--json").out)
    distances = [abs(complex(m["valence"] + 0.6, m["arousal"] - 0.7)) for m in listed]
    assert len(listed) == 5
    assert distances == sorted(distances)
    assert distances[0] == min(abs(complex(m.affect.valence + 0.6, m.affect.arousal - 0.7)) for m in moods())


def test_near_a_mood_is_the_mood_itself(musicmed: Musicmed) -> None:
    assert json.loads(musicmed("moods", "--near", "calm", "--count", "1", "--json").out)[0]["mood"] == "calm"


def test_json_tells_place_and_source(musicmed: Musicmed) -> None:
    (calm,) = json.loads(musicmed("moods", "calm", "--json").out)
    assert calm.keys() == {"mood", "valence", "arousal", "quadrant", "kind", "source"}
    assert calm["quadrant"] == "contentment"


@pytest.mark.parametrize("arguments", [["anxios"], ["--near", "anxios"]])
def test_an_unknown_word_names_the_nearest(musicmed: Musicmed, arguments: list[str]) -> None:
    ran = musicmed("moods", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert '"anxios" is not a mood' in ran.err
    assert "anxious" in ran.err
