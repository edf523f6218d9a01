from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.entry import Entry, Shift
from musicmed_desktop.library.statistics import Month, Summary, summary
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

CALM = Affect(0.5, -0.5)
MARCH = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def entry() -> Entry:
    """From (-0.5, 0.5) toward (0.5, -0.5), 15 minutes."""
    made = Entry.of("a", MARCH, record_of(walk()))
    return made.changed(before=Affect(-0.5, 0.5), wished=CALM, seconds=900.0)


def test_nothing_tells_nothing() -> None:
    nothing = Summary(0, 0.0, None, None, 0, None, None, None, 0, 0, 0, (), ())
    assert summary([]) == nothing


def test_many_sessions_together(entry: Entry) -> None:
    may = MARCH + timedelta(days=60)
    sessions = [
        entry.changed(after=Affect(0.1, 0.2), started=may, favourite=True),  # (0.6, -0.3), nearer
        entry.changed(after=Affect(-0.7, 0.7), worse_at_s=(10.0, 20.0)),  # (-0.2, 0.2), farther
        entry.changed(after=Affect(-0.2, 0.4), started=MARCH + timedelta(days=1)),  # (0.3, -0.1), nearer
        entry.changed(engine="musicgen", shortened=True, seconds=90.0),
    ]
    assert summary(iter(sessions)) == Summary(
        sessions=4,
        minutes=46.5,
        first=MARCH,
        last=may,
        said_after=3,
        mean=Shift(0.2333, -0.0667),
        median=Shift(0.3, -0.1),
        nearer=0.6667,
        shortened=1,
        felt_worse=1,
        favourites=1,
        engines=(("tones", 3), ("musicgen", 1)),
        months=(
            Month(date(2026, 3, 1), 3, 2, Shift(0.05, 0.05)),
            Month(date(2026, 5, 1), 1, 1, Shift(0.6, -0.3)),
        ),
    )


def test_who_wished_to_stay_is_not_asked_whether_they_came_nearer(entry: Entry) -> None:
    stayed = entry.changed(before=CALM, after=CALM)
    assert summary([stayed]).nearer is None
    assert summary([stayed, entry.changed(after=CALM)]).nearer == 1.0
    assert summary([stayed, entry.changed(after=entry.before)]).nearer == 0.0


def test_a_month_is_that_on_the_listeners_clock(entry: Entry) -> None:
    late = entry.changed(started=datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))))  # 31 March in UTC
    assert [month.start for month in summary([late]).months] == [date(2026, 4, 1)]


def test_months_without_a_word_have_no_mean(entry: Entry) -> None:
    assert summary([entry]).months == (Month(date(2026, 3, 1), 1, 0, None),)
    assert summary([entry]).mean is None
