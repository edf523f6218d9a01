"""confusion-CONDITION.svg: the quarter of the circle that was asked for against the one that was heard."""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.evaluation.report.colours import RULE, SHADE
from musicmed_desktop.evaluation.report.picture import picture
from musicmed_desktop.evaluation.report.words import counted
from musicmed_desktop.session.svg import INK, MUTED, Value, element, text

NAMES: tuple[Quadrant, ...] = get_args(Quadrant)
SIDE, GAP = 150.0, 6.0
LEFT, TOP = 206.0, 208.0
SIZE = (LEFT + 4 * SIDE + 94, TOP + 4 * SIDE + 96)


def matrix_svg(name: str, counts: NDArray[np.int_], identity: str) -> str:
    """The picture of one condition. `counts` [4, 4]: rows what was asked for, columns what was heard."""
    total, right = int(counts.sum()), int(np.trace(counts))
    return picture(
        identity,
        SIZE,
        name,
        f"{right:,} of {counted(total, 'clip')} in the quarter that was asked for" if total else "no clips",
        _description(counts),
        _names(counts),
        *(_cell(counts, row, column) for row in range(4) for column in range(4)),
        text(
            "The share is of all clips of its row; outlined is what was asked for.",
            (LEFT + 2 * SIDE, SIZE[1] - 40),
            16,
            text_anchor="middle",
            fill=MUTED,
        ),
    )


def _description(counts: NDArray[np.int_]) -> str:
    rows = (
        f"Asked for {NAMES[row]}, "
        + ", ".join(f"heard {NAMES[column]} {counts[row, column]} times" for column in range(4))
        for row in range(4)
    )
    return "A table of the quarters of the circumplex. " + ". ".join(rows) + "."


def _names(counts: NDArray[np.int_]) -> str:
    middles = [(number + 0.5) * SIDE for number in range(4)]
    named = [*zip(NAMES, middles, strict=True)]
    across = [text(name, (LEFT + x, TOP - 16), 18, text_anchor="middle") for name, x in named]
    down = [text(name, (LEFT - 16, TOP + y + 6), 18, text_anchor="end") for name, y in named]
    sums = [
        text(f"of {counts[row].sum():,}", (LEFT + 4 * SIDE + 10, TOP + y + 6), 16, fill=MUTED)
        for row, y in enumerate(middles)
    ]
    heads = [
        text("heard", (LEFT + 2 * SIDE, TOP - 50), 18, text_anchor="middle", font_weight="600"),
        text("asked for", (LEFT - 16, TOP - 16), 18, text_anchor="end", font_weight="600"),
    ]
    return element("g", *heads, *across, *down, *sums, fill=INK)


def _cell(counts: NDArray[np.int_], row: int, column: int) -> str:
    """A square whose shade is the share of its row; nothing but a frame where nothing was asked for."""
    count, asked = int(counts[row, column]), int(counts[row].sum())
    x, y = LEFT + column * SIDE, TOP + row * SIDE
    edge: dict[str, Value] = (
        {"stroke": INK, "stroke_width": 3.0} if row == column else {"stroke": RULE, "stroke_width": 1.0}
    )
    share = count / asked if asked else 0.0
    side = SIDE - GAP
    square = element(
        "rect", x=x + GAP / 2, y=y + GAP / 2, width=side, height=side, rx=10.0, fill=SHADE, fill_opacity=share, **edge
    )
    if not asked:
        return square
    middle = x + SIDE / 2
    return square + element(
        "g",
        text(f"{count:,}", (middle, y + SIDE / 2 + 4), 32, font_weight="600"),
        text(f"{100 * share:.0f} %", (middle, y + SIDE / 2 + 34), 18),
        fill=INK,
        text_anchor="middle",
    )
