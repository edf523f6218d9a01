"""Dates under a picture of weeks: few enough to be read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from musicmed_desktop.library.wording import MONTHS

Tick = tuple[float, str]  # seconds since 1970, words


def ticks(first: date, last: date, most: int) -> list[Tick]:
    """At most `most` midnights from `first` to `last`, evenly apart: of days, Mondays, months or years."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    mondays = [day for day in days if day.weekday() == 0]
    months = [day for day in days if day.day == 1]
    quarters = [day for day in months if day.month % 3 == 1]
    years = [day for day in months if day.month == 1]
    kinds = (days, days[::2], mondays, mondays[::2], months, months[::2], quarters, quarters[::2], years)
    chosen = next((kind for kind in kinds if len(kind) <= most), years[:: len(years) // most + 1])
    return [(datetime.combine(day, time()).timestamp(), _words(day, chosen)) for day in chosen]


def _words(day: date, among: list[date]) -> str:
    """ "3 May", "May" where each is the first of a month, "2024" where a year begins among months."""
    if any(other.day != 1 for other in among) or len(among) == 1:
        return f"{day.day} {MONTHS[day.month - 1][:3]}"
    return str(day.year) if day.month == 1 else MONTHS[day.month - 1][:3]
