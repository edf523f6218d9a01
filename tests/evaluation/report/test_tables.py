from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace

import pytest

from musicmed_desktop.evaluation.report.markdown import table_md
from musicmed_desktop.evaluation.report.spreadsheet import COLUMNS, table_csv
from musicmed_desktop.evaluation.report.tables import column, main, others, scored, verdict
from musicmed_desktop.evaluation.report.words import decimals, fixed, interval
from musicmed_desktop.evaluation.scores import METRICS
from musicmed_desktop.evaluation.values import Comparison, Condition, Estimate, Evaluation, Metric, Results, Row
from tests.fakes.evaluations import evaluation, hostile, single

NAN = math.nan
UP = Metric("clap", "CLAP score", "How well it fits.", "higher")
DOWN = Metric("circumplex_error", "Circumplex error", "How far it lies.", "lower")


def small(*values: tuple[float, float, float] | None, metric: Metric = DOWN) -> Evaluation:
    """A condition for each value of the one metric."""
    rows = tuple(
        Row(f"m{n}", 40, 0, {} if value is None else {metric.key: Estimate(*value)}) for n, value in enumerate(values)
    )
    return Evaluation({}, (metric,), rows, (), tuple(Results(Condition(row.condition, None), ()) for row in rows))


def lines_of(text: str, start: str) -> list[list[str]]:
    found = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in found]


def test_two_significant_digits_of_the_half_interval_are_shown() -> None:
    assert decimals([Estimate(0.4, 0.36, 0.44)]) == 3
    assert decimals([Estimate(123, 95, 151)]) == 0
    assert decimals([Estimate(0.9, 0.9, 0.9), Estimate(1, NAN, NAN)]) == 3
    assert decimals([Estimate(0.9, 0.8999999, 0.9)]) == 4


def test_zero_has_no_sign() -> None:
    assert [fixed(value, 2, "+") for value in (-0.001, 0.0, 0.004, -0.12, 0.5)] == [
        "0.00",
        "0.00",
        "0.00",
        "-0.12",
        "+0.50",
    ]
    assert interval(Estimate(0, -0.001, 0.25), 2) == "[0.00, 0.25]"
    assert interval(Estimate(0, -0.1, math.inf), 2) == ""


@pytest.mark.parametrize(
    ("metric", "low", "high", "reading"),
    [
        (UP, 0.01, 0.2, "better"),
        (UP, -0.2, -0.01, "worse"),
        (DOWN, -0.2, -0.01, "better"),
        (DOWN, 0.01, 0.2, "worse"),
        (DOWN, -0.1, 0.1, "may be chance"),
        (UP, 0.0, 0.1, "may be chance"),
        (UP, NAN, NAN, "no interval"),
    ],
)
def test_a_difference_is_more_than_chance_where_its_interval_leaves_out_zero(
    metric: Metric, low: float, high: float, reading: str
) -> None:
    assert verdict(metric, Estimate((low + high) / 2, low, high)) == reading


def test_the_best_is_marked_where_there_are_several() -> None:
    best = [cell.best for cell in column(small((0.5, 0.4, 0.6), (0.3, 0.2, 0.4), None, (0.304, 0.2, 0.4)), DOWN)]
    assert best == [False, True, False, True]  # both are written 0.30
    assert [cell.best for cell in column(small((0.5, 0.4, 0.6), (0.3, 0.2, 0.4), metric=UP), UP)] == [True, False]
    assert not column(small((0.3, 0.2, 0.4)), DOWN)[0].best
    assert not any(cell.best for cell in column(small((0.3, 0.2, 0.4), (0.3, 0.2, 0.4)), DOWN))
    assert not column(small((0.3, 0.2, 0.4), None), DOWN)[0].best


def test_a_value_that_is_no_number_is_missing() -> None:
    found = small((NAN, NAN, NAN), (0.5, 0.4, 0.6))
    assert [cell.known for cell in column(found, DOWN)] == [False, True]
    assert scored(small((NAN, NAN, NAN))) == ()


def test_every_metric_is_shown_once() -> None:
    shown = [*main(scored(evaluation())), *others(scored(evaluation()))]
    assert sorted(metric.key for metric in shown) == sorted(metric.key for metric in METRICS)
    assert main(METRICS)[:2] == (METRICS[0], METRICS[1])


def test_the_table_is_as_in_the_paper() -> None:
    text = table_md(evaluation())
    headers = [cell for line in lines_of(text, "Condition") for cell in line[1:]]
    for metric in METRICS:
        unit = f" ({metric.unit})" if metric.unit else ""
        assert f"{metric.name}{unit} {'↑' if metric.better == 'higher' else '↓'}" in headers
    for row in evaluation().rows:
        cells = [cell.replace("*", "") for line in lines_of(text, f"{row.condition} ") for cell in line[1:]]
        for metric in METRICS:
            written = column(evaluation(), metric)[evaluation().rows.index(row)]
            assert f"{written.value} {written.interval}".strip() in cells
            assert float(written.value) == pytest.approx(row.scores[metric.key].value, abs=0.06)
    assert all(f"- **{name}**: {value}" in text for name, value in evaluation().setting.items())


def test_its_columns_are_aligned() -> None:
    for block in table_md(evaluation()).split("\n\n"):
        if block.startswith("|"):
            assert len({len(line) for line in block.splitlines()}) == 1
            assert len({tuple(n for n, letter in enumerate(line) if letter == "|") for line in block.splitlines()}) == 1


def test_differences_are_marked_where_they_are_more_than_chance() -> None:
    estimates = {"clap": Estimate(0.1, 0.05, 0.15), "circumplex_error": Estimate(0.1, 0.05, 0.15)}
    rows = small((0.5, 0.4, 0.6)).rows
    first = Comparison("a", "b", 40, estimates)
    second = Comparison("a", "c", 1, {"clap": Estimate(-0.1, -0.25, 0.05), "circumplex_error": Estimate(0.1, NAN, NAN)})
    scores = {"clap": Estimate(0.4, NAN, NAN), "circumplex_error": Estimate(0.5, 0.4, 0.6)}
    text = table_md(Evaluation({}, (UP, DOWN), (replace(rows[0], scores=scores),), (first, second), ()))
    assert "**b** minus **a**, over 40 pairs of clips:" in text
    assert "**c** minus **a**, over 1 pair of clips:" in text
    assert lines_of(text, "CLAP score ↑") == [
        ["CLAP score ↑", "+0.100", "[+0.050, +0.150]", "**better**"],
        ["CLAP score ↑", "-0.100", "[-0.250, +0.050]", "may be chance"],
    ]
    assert lines_of(text, "Circumplex error ↓") == [
        ["Circumplex error ↓", "+0.100", "[+0.050, +0.150]", "**worse**"],
        ["Circumplex error ↓", "+0.100", "", "no interval"],
    ]


def test_names_are_no_markup() -> None:
    text = table_md(hostile())
    assert not re.search(
        r"(?<!\\)[<>&`|$]", "\n".join(line.strip("| -") for line in text.splitlines() if line[:1] != "|")
    )
    assert all(len(row) == len(lines_of(text, "Condition")[0]) for row in lines_of(text, "\\<script")[:2])
    assert r"\[a\](http://b)" in text
    assert "Größe" in text


def test_the_csv_has_a_line_for_each_condition_and_metric() -> None:
    rows = list(csv.DictReader(io.StringIO(table_csv(evaluation()).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(evaluation().rows) * len(METRICS)
    for row in evaluation().rows:
        for key, estimate in row.scores.items():
            (line,) = [each for each in rows if (each["condition"], each["metric"]) == (row.condition, key)]
            assert float(line["value"]) == pytest.approx(estimate.value, rel=1e-5)
            assert line["low"] == (f"{estimate.low:.6g}" if math.isfinite(estimate.low) else "")
            assert line["n"] == ("6" if key in ("advance", "walk_miss", "join_jump", "clicks") else "60")


def test_what_is_not_known_is_empty_in_the_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(table_csv(single()).decode("utf-8-sig"))))
    (line,) = [row for row in rows if row["metric"] == "clap"]
    assert (line["value"], line["low"], line["high"], line["n"]) == ("", "", "", "12")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "a,b\n=1", 'a"b'])  # noqa: RUF001
def test_no_name_is_a_formula(name: str) -> None:
    found = replace(small((0.5, 0.4, 0.6)), rows=(Row(name, 1, 0, {}),))
    ((condition, *_),) = [*csv.reader(io.StringIO(table_csv(found).decode("utf-8-sig")))][1:]
    assert condition[0] not in "=+-@＝"  # noqa: RUF001
    assert condition.removeprefix("'") == " ".join(name.split())
