"""comparison.svg: what the adapters changed in each measure; or, where nothing was paired, the scores themselves."""

from __future__ import annotations

from collections.abc import Sequence

from musicmed_desktop.evaluation.report.colours import RULE
from musicmed_desktop.evaluation.report.panels import FROM, TO, Bar, Panel, panels_of_conditions, panels_of_pairs
from musicmed_desktop.evaluation.report.picture import MARGIN, fitted, picture
from musicmed_desktop.evaluation.report.tables import heading, main, scored
from musicmed_desktop.evaluation.report.words import bounded
from musicmed_desktop.evaluation.values import Evaluation
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, Position, circle, element, line, text

WIDTH, TOP, ROW, HEAD, FOOT = 1000.0, 176.0, 32.0, 52.0, 40.0
FIGURES = TO + 20


def forest_svg(evaluation: Evaluation, identity: str) -> str:
    """The picture of the main measures; its ids begin with `identity`."""
    metrics = main(scored(evaluation))
    paired = panels_of_pairs(evaluation, metrics)
    panels = paired or panels_of_conditions(evaluation, metrics)
    heights = [HEAD + ROW * len(panel.bars) for panel in panels]
    tops = [TOP + sum(heights[:number]) for number in range(len(panels))]
    return picture(
        identity,
        (WIDTH, TOP + sum(heights) + FOOT),
        "What the adapters changed" if paired else "The scores of each condition",
        _subtitle(paired) if panels else "no scores",
        _description(panels),
        _directions() if panels else "",
        *(_panel(panel, top) for panel, top in zip(panels, tops, strict=True)),
    )


def _subtitle(paired: Sequence[Panel]) -> str:
    what = "With minus without adapter, and" if paired else "With"
    return f"{what} 95 % intervals; each measure has a scale of its own"


def _description(panels: Sequence[Panel]) -> str:
    return "Points with their intervals; farther to the right is better. " + " ".join(
        f"{heading(panel.metric)}: {bar.name} {bar.figures}{f', {bar.verdict}' if bar.verdict else ''}."
        for panel in panels
        for bar in panel.bars
    )


def _directions() -> str:
    return element(
        "g",
        text("← worse", (FROM, 146), 16),
        text("better →", (TO, 146), 16, text_anchor="end"),
        fill=MUTED,
    )


def _panel(panel: Panel, top: float) -> str:
    """One metric: its name, its zero, and a line for each bar."""
    low, high = top + 12, top + HEAD + ROW * (len(panel.bars) - 1) + 10
    zero = panel.place(0.0)
    rule = line([(MARGIN, top - 14), (WIDTH - MARGIN, top - 14)], stroke=RULE, stroke_width=1.0)
    axis = line([(zero, low), (zero, high)], stroke=MUTED, stroke_width=1.4) if panel.centred else ""
    name = text(fitted(heading(panel.metric), FROM - MARGIN, 18), (MARGIN, top + 12), 18, font_weight="600", fill=INK)
    rows = (_bar(panel, bar, top + HEAD - 8 + ROW * number) for number, bar in enumerate(panel.bars))
    return element("g", rule, name, axis, *rows)


def _bar(panel: Panel, bar: Bar, y: float) -> str:
    """Filled where it is more than chance; an interval has a stop at either end."""
    at: Position = (panel.place(bar.estimate.value), y)
    whiskers = []
    if bounded(bar.estimate):
        ends = [panel.place(bar.estimate.low), panel.place(bar.estimate.high)]
        whiskers = [line([(x, y) for x in ends], stroke_width=2.4)]
        whiskers += [line([(x, y - 5), (x, y + 5)], stroke_width=2.4) for x in ends]
    return element(
        "g",
        text(fitted(bar.name, FROM - MARGIN - 30, 16), (MARGIN + 16, y + 5), 16, fill=INK),
        element("g", "", *whiskers, stroke=bar.colour),
        circle(at, 6.5, fill=bar.colour if bar.sure else BACKGROUND, stroke=bar.colour, stroke_width=2.4),
        text(bar.figures, (FIGURES, y + 5), 15, fill=INK),
        text(bar.verdict, (WIDTH - MARGIN, y + 5), 15, fill=bar.colour, text_anchor="end", font_weight="600"),
    )
