from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry, Shift
from musicmed_desktop.library.wording import change_words
from musicmed_desktop.ui.pages.sessions.ticks import ticks
from musicmed_desktop.ui.pages.sessions.words import day_words, facts, overview, sentence, when, worse
from tests.fakes.sessions import NOON, tone_record

TODAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 5, 20), "Today"),
        (date(2026, 5, 19), "Yesterday"),
        (date(2026, 5, 18), "Monday"),
        (date(2026, 5, 14), "Thursday"),
        (date(2026, 5, 13), "13 May"),
        (date(2025, 9, 1), "1 Sep 2025"),
        (date(2026, 5, 21), "21 May"),  # a clock that was wrong
    ],
)
def test_days_are_named_as_people_name_them(day: date, words: str) -> None:
    assert day_words(day, TODAY) == words


def test_a_time_is_told_on_this_computers_clock() -> None:
    started = datetime(2026, 5, 20, 12, 5, tzinfo=UTC)
    assert when(started, started) == f"Today, {started.astimezone():%H:%M}"


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (None, "not said"),
        (Shift(0.1, -0.1), "about the same"),
        (Shift(0.2, -0.5), "calmer, a little brighter"),
        (Shift(0.9, -0.3), "much brighter, a little calmer"),
        (Shift(0.0, 0.4), "livelier"),
        (Shift(-0.5, 0.4), "heavier, more restless"),
        (Shift(-0.2, -1.0), "much quieter, a little heavier"),
    ],
)
def test_a_change_is_told_in_words_the_greater_first(shift: Shift | None, words: str) -> None:
    assert change_words(shift) == words


def _entry(days: int = 0, before: tuple[float, float] = (-0.5, 0.5), after: tuple[float, float] | None = None) -> Entry:
    entry = Entry.of("x", NOON - timedelta(days=days), tone_record())
    return entry.changed(before=Affect(*before), after=Affect(*after) if after else None)


def test_an_overview_tells_how_the_listener_mostly_left() -> None:
    calmer, brighter, unsaid = _entry(after=(-0.5, -0.2)), _entry(after=(0.2, -0.2)), _entry()
    assert overview([], "In the last 4 weeks") == "In the last 4 weeks, no sessions."
    assert overview([unsaid], "So far") == "So far, 1 session."
    assert overview([calmer], "So far") == "So far, 1 session; you left calmer than you came."
    assert overview([calmer, calmer, brighter], "So far") == "So far, 3 sessions; you mostly left calmer than you came."
    assert overview([brighter, brighter, unsaid], "So far") == (
        "So far, 3 sessions, after 2 of which you said how you felt; you mostly left calmer and brighter than you came."
    )


def test_an_overview_claims_nothing_where_sessions_differ() -> None:
    same, other = _entry(after=(-0.5, 0.5)), _entry(after=(0.5, 0.5))
    assert overview([same, same, other], "So far") == "So far, 3 sessions; you mostly left about as you came."
    words = "So far, 2 sessions; you left now in one way, now in another."
    assert overview([same, other], "So far") == words


def test_a_row_is_told_in_full_to_those_who_hear_it() -> None:
    entry = _entry(after=(0.5, -0.5)).changed(favourite=True, seconds=900)
    told = sentence(entry, NOON)
    for words in ("From anxious to calm", "Today", "15 minutes", "much calmer, much brighter", "favourite"):
        assert words in told
    assert not any(letter.isdigit() for letter in told.split("afterwards:")[1])


def test_what_ended_early_and_what_felt_worse_is_said() -> None:
    entry = _entry().changed(shortened=True, worse_at_s=(62.0, 190.0))
    assert "ended early" in facts(entry, NOON)[1]
    assert worse(entry) == "You felt worse at 1:02 and 3:10."
    assert worse(_entry()) == ""


@pytest.mark.parametrize("days", [0, 1, 5, 13, 28, 60, 92, 200, 366, 900, 3000, 9000])
@pytest.mark.parametrize("most", [2, 5, 9])
def test_a_span_has_few_dates_at_even_distances(days: int, most: int) -> None:
    first = date(2024, 2, 27)
    dates = ticks(first, first + timedelta(days=days), most)
    moments = [moment for moment, _ in dates]
    assert len(dates) <= most
    assert moments == sorted(moments)
    assert all(datetime.combine(first, datetime.min.time()).timestamp() <= moment for moment in moments)
    distances = [later - earlier for earlier, later in pairwise(moments)]
    assert not distances or max(distances) <= min(distances) * 1.2


def test_dates_are_named_by_what_tells_them_apart() -> None:
    assert [name for _, name in ticks(date(2026, 5, 4), date(2026, 5, 25), 5)] == [
        "4 May",
        "11 May",
        "18 May",
        "25 May",
    ]
    assert [name for _, name in ticks(date(2025, 11, 2), date(2026, 3, 2), 5)] == ["Dec", "2026", "Feb", "Mar"]


def test_an_engine_that_went_on_for_another_is_named_in_words() -> None:
    entry = _entry().changed(engine="builtin, then musicgen")
    assert facts(entry, NOON)[2] == "built-in composer, then MusicGen"
    assert facts(_entry().changed(engine="somebody's own"), NOON)[2] == "somebody's own"
