from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from musicmed_desktop.library import Entry, file_name, filtered
from musicmed_desktop.session.record import Coordinates

EAST = timezone(timedelta(hours=10))


def entry(title: str, started: datetime, note: str = "", favourite: bool = False) -> Entry:
    return Entry(
        title=title,
        started=started,
        seconds=900.0,
        start_word="tense",
        target_word="calm",
        before=Coordinates(valence=-0.4, arousal=0.6),
        wished=Coordinates(valence=0.5, arousal=-0.5),
        note=note,
        favourite=favourite,
        engine="builtin",
        shortened=False,
    )


EVENING = entry("Evening", datetime(2026, 5, 3, 21, 30, tzinfo=EAST), note="Café in Łódź, straße", favourite=True)
MORNING = entry("Morning 🎧", datetime(2026, 12, 24, 7, 5, tzinfo=EAST), note="100 % better")
ALL = (MORNING, EVENING)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ALL),
        ("   ", ALL),
        ("evening", (EVENING,)),
        ("EVEN", (EVENING,)),
        ("tense calm", ALL),
        ("calm morning", (MORNING,)),
        ("morning evening", ()),
        ("cafe", (EVENING,)),
        ("STRASSE", (EVENING,)),
        ("🎧", (MORNING,)),
        ("100 %", (MORNING,)),
        ("2026-05", (EVENING,)),
        ("3 may", (EVENING,)),
        ("sunday", (EVENING,)),  # the listener's Sunday; in UTC too here
        ("07:05", (MORNING,)),
        ("december 2026", (MORNING,)),
        (".*", ()),
    ],
)
def test_words_are_found_wherever_they_stand(text: str, found: tuple[Entry, ...]) -> None:
    assert filtered(ALL, text) == found


def test_favourites() -> None:
    assert filtered(ALL, favourites_only=True) == (EVENING,)
    assert filtered(ALL, "morning", favourites_only=True) == ()


def test_a_copy_gets_a_name_that_every_system_takes() -> None:
    assert file_name(EVENING) == "2026-05-03 Evening"
    assert file_name(EVENING.changed(title='a/b: "c" ')) == "2026-05-03 a b c"
    assert file_name(EVENING.changed(title="...")) == "2026-05-03"
