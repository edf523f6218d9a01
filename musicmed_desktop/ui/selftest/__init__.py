"""`musicmed-desktop --self-test`: the real window, driven as a person would, and what was seen of it."""

from musicmed_desktop.ui.selftest.report import Report
from musicmed_desktop.ui.selftest.run import run_self_test

__all__ = ["Report", "run_self_test"]
