"""The evaluation as a table, as plots, and as a page that stands by itself."""

from musicmed_desktop.evaluation.report.writing import write_report

__all__ = ["write_report"]
