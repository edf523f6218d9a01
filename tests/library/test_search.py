from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry, file_name, filtered

EAST = timezone(timedelta(hours=10))


def entry(title: str, started: datetime, note: str = "", favourite: bool = False) -> Entry:
    return Entry(
        id=title,
        title=title,
        started=started,
        seconds=900.0,
        start_word="tense",
        target_word="calm",
        before=Affect(-0.4, 0.6),
        wished=Affect(0.5, -0.5),
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


@pytest.mark.parametrize(
    ("after", "text", "is_found"),
    [
        (Affect(0.0, -0.2), "calmer brighter", True),
        (Affect(0.0, -0.2), "heavier", False),
        (Affect(-0.9, 0.6), "heavier", True),
        (Affect(-0.4, 0.6), "about the same", True),
        (Affect(0.5, -0.5), "sad", False),
        (None, "not said", True),
        (None, "calmer", False),
    ],
)
def test_how_the_listener_left_is_found(after: Affect | None, text: str, is_found: bool) -> None:
    left = EVENING.changed(after=after)
    assert filtered((left,), text) == ((left,) if is_found else ())


def test_moments_that_felt_worse_are_found() -> None:
    worse = EVENING.changed(worse_at_s=(61.0,))
    assert filtered((worse, EVENING), "felt worse") == (worse,)


def test_favourites() -> None:
    assert filtered(ALL, favourites_only=True) == (EVENING,)
    assert filtered(ALL, "morning", favourites_only=True) == ()


def test_a_copy_gets_a_name_that_every_system_takes() -> None:
    assert file_name(EVENING) == "2026-05-03 Evening"
    assert file_name(EVENING.changed(title='a/b: "c" ')) == "2026-05-03 a b c"
    assert file_name(EVENING.changed(title="...")) == "2026-05-03"
