"""All files of the report."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.disk import write_whole, writing
from musicmed_desktop.evaluation.names import file_names
from musicmed_desktop.evaluation.report.document import results_json
from musicmed_desktop.evaluation.report.forest import forest_svg
from musicmed_desktop.evaluation.report.markdown import table_md
from musicmed_desktop.evaluation.report.matrix import matrix_svg
from musicmed_desktop.evaluation.report.page import report_html
from musicmed_desktop.evaluation.report.scatter import scatter_svg
from musicmed_desktop.evaluation.report.spreadsheet import table_csv
from musicmed_desktop.evaluation.scores import confusion
from musicmed_desktop.evaluation.values import Evaluation

REPORT = "report.html"


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Write the tables, the pictures and the page into `folder`, and return the page's path.

    Each file is whole, and takes the place of what was called the same; the page comes last. The same evaluation gives
    the same files. Raises UserError where the disk refuses.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(evaluation).items():
        with writing(folder / name):
            write_whole(folder / name, content)
    return folder / REPORT


def _files(evaluation: Evaluation) -> dict[str, bytes]:
    scatters, matrices = _scatters(evaluation), _matrices(evaluation)
    comparison = forest_svg(evaluation, "comparison")
    page = report_html(evaluation, [*scatters.values()], [*matrices.values()], comparison)
    texts = {"results.json": results_json(evaluation), "table.md": table_md(evaluation)}
    texts |= {**scatters, **matrices, "comparison.svg": comparison}
    written = {name: text.encode() for name, text in texts.items()}
    return {"table.csv": table_csv(evaluation), **written, REPORT: page.encode()}


def _scatters(evaluation: Evaluation) -> dict[str, str]:
    """By the names of their files."""
    return {
        f"circumplex-{name}.svg": scatter_svg(results, f"circumplex-{number}")
        for number, (name, results) in enumerate(zip(_names(evaluation), evaluation.results, strict=True), start=1)
    }


def _matrices(evaluation: Evaluation) -> dict[str, str]:
    return {
        f"confusion-{name}.svg": matrix_svg(results.condition.name, confusion(results), f"confusion-{number}")
        for number, (name, results) in enumerate(zip(_names(evaluation), evaluation.results, strict=True), start=1)
    }


def _names(evaluation: Evaluation) -> list[str]:
    return file_names(results.condition.name for results in evaluation.results)
