"""Sessions over time as numbers, and few enough of them to be drawn and told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry

Numbers = np.ndarray[Any, np.dtype[np.float64]]

MOST = 200  # sessions are drawn one by one; of more, averages are
_MOST_AVERAGES = 120
_DAY_S = 86_400.0
_SPANS = {1: "a day", 7: "a week", 30: "a month", 91: "three months", 365: "a year"}


@dataclass(frozen=True, eq=False)
class Course:
    """`times` (n,) in seconds since 1970, the oldest first; `before` and `after` (n, 2): valence and arousal, NaN where
    it was not said. `averaged` says over what span each point is an average; empty: each is a session."""

    times: Numbers
    before: Numbers
    after: Numbers
    averaged: str = ""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Course:
        """Of sessions that are sorted by time."""
        times = np.array([entry.started.timestamp() for entry in entries], dtype=np.float64)
        return cls(times, _points([entry.before for entry in entries]), _points([entry.after for entry in entries]))

    def nearest(self, time: float) -> int:
        """The number of the session nearest in time; there has to be one."""
        right = int(np.searchsorted(self.times, time))
        around = [number for number in (right - 1, right) if 0 <= number < len(self.times)]
        return min(around, key=lambda number: abs(float(self.times[number]) - time))

    def to_draw(self) -> Course:
        """Itself, or averages over the shortest span of which there are few enough."""
        if len(self.times) <= MOST:
            return self
        days = (self.times[-1] - self.times[0]) / _DAY_S
        span = next((span for span in _SPANS if days / span <= _MOST_AVERAGES), 365)
        return self._averages(span)

    def _averages(self, days: int) -> Course:
        """What was felt before is averaged over the sessions after which it was said, too, where there are any."""
        _, which = np.unique((self.times - self.times[0]) // (days * _DAY_S), return_inverse=True)
        said = ~np.isnan(self.after[:, 0])
        compared = said | ~np.isin(which, which[said])
        before = _means(self.before[compared], which[compared], which.max() + 1)
        after = _means(self.after[said], which[said], which.max() + 1)
        times = _means(self.times[:, None], which, which.max() + 1)[:, 0]
        return Course(times, before, after, _SPANS[days])


def _points(points: Sequence[Affect | None]) -> Numbers:
    missing = (np.nan, np.nan)
    pairs = [missing if point is None else (point.valence, point.arousal) for point in points]
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _means(values: Numbers, which: np.ndarray[Any, np.dtype[np.intp]], count: int) -> Numbers:
    """The mean of each of `count` groups; NaN where nothing is in one."""
    sizes = np.bincount(which, minlength=count)
    sums = np.stack([np.bincount(which, column, minlength=count) for column in values.T], axis=1)
    means: Numbers = np.full(sums.shape, np.nan)
    np.divide(sums, sizes[:, None], out=means, where=sizes[:, None] > 0)
    return means
