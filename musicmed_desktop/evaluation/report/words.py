"""Words and figures as the report writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median_low

from musicmed_desktop.evaluation.values import Estimate

MISSING = "–"  # noqa: RUF001 (where there is no figure)
_LABEL = 90  # letters


def plain_line(content: str) -> str:
    """`content` on one line that every format can hold: no control characters, no halves of UTF-16 pairs."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in content).split())


def label(name: str) -> str:
    """A condition's name in tables and sentences; it is as long as names of files may be."""
    return shortened(plain_line(name), _LABEL)


def shortened(content: str, letters: int) -> str:
    return content if len(content) <= letters else content[: letters - 1].rstrip() + "…"


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def known(estimate: Estimate | None) -> bool:
    """Whether there is a value at all."""
    return estimate is not None and math.isfinite(estimate.value)


def bounded(estimate: Estimate) -> bool:
    """Whether there is an interval."""
    return math.isfinite(estimate.low) and math.isfinite(estimate.high)


def decimals(estimates: Iterable[Estimate]) -> int:
    """The digits after the point, 0 to 4, that show two significant ones of the usual half interval, and no more:
    as the Guide to the Expression of Uncertainty in Measurement (JCGM 100:2008, 7.2.6) has it; 3 where there is none.
    """
    halves = [(estimate.high - estimate.low) / 2 for estimate in estimates if bounded(estimate)]
    wide = [half for half in halves if half > 0]
    return min(4, max(0, 1 - math.floor(math.log10(median_low(wide))))) if wide else 3


def fixed(value: float, digits: int, sign: str = "") -> str:
    """The value with so many digits after the point, `sign` "+" for differences; zero has no sign."""
    written = f"{value:{sign}.{digits}f}"
    return written if float(written) else written.lstrip("+-")


def interval(estimate: Estimate, digits: int, sign: str = "") -> str:
    """`[0.05, 0.19]`, or nothing."""
    if not bounded(estimate):
        return ""
    return f"[{fixed(estimate.low, digits, sign)}, {fixed(estimate.high, digits, sign)}]"
