"""The columns of the table: every score of a condition, with the confidence interval of its bootstrap."""

from __future__ import annotations

from musicmed_desktop.evaluation.scores.columns import METRICS
from musicmed_desktop.evaluation.scores.quadrants import confusion
from musicmed_desktop.evaluation.scores.scoring import compare, score

__all__ = ["METRICS", "compare", "confusion", "score"]
