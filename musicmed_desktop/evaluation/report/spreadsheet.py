"""table.csv: a line for each condition and metric, as in RFC 4180: condition, metric, value, low, high, n.

Fields are separated by commas, numbers have a point, what is not known is empty. `n` is how many clips there are, or
sessions for metrics of sessions. Columns are only ever added, at the end.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

from musicmed_desktop.evaluation.report.tables import amount_of
from musicmed_desktop.evaluation.report.words import plain_line
from musicmed_desktop.evaluation.values import Evaluation

COLUMNS = ("condition", "metric", "value", "low", "high", "n")

# A spreadsheet takes text that begins so for a formula (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10).
_FORMULA = tuple("=+-@＝＋－＠")  # noqa: RUF001


def table_csv(evaluation: Evaluation) -> bytes:
    """The file, in UTF-8 with a byte order mark: without it Excel shows the letters of the system's old code page."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(_lines(evaluation))
    return out.getvalue().encode("utf-8-sig")


def _lines(evaluation: Evaluation) -> Iterator[list[str | int]]:
    for row in evaluation.rows:
        for metric in evaluation.metrics:
            found = row.scores.get(metric.key)
            figures = (found.value, found.low, found.high) if found else (math.nan,) * 3
            yield [_text(row.condition), _text(metric.key), *map(_number, figures), amount_of(row, metric)]


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""


def _text(words: str) -> str:
    """On one line, with an apostrophe before it where it looks like a formula."""
    line = plain_line(words)
    return f"'{line}" if line.startswith(_FORMULA) else line
