"""What every picture has: a title, a description for who cannot see it, the house's ground and fonts."""

from __future__ import annotations

from collections.abc import Iterable

from musicmed_desktop.evaluation.report.words import plain_line, shortened
from musicmed_desktop.session.labels import GLYPH_WIDTH
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, element, plain, text
from musicmed_desktop.session.trajectory import FONTS

MARGIN = 40.0


def picture(
    identity: str,
    size: tuple[float, float],
    title: str,
    subtitle: str,
    description: str,
    *drawing: str,
    definitions: Iterable[str] = (),
) -> str:
    """A whole SVG. All ids in it begin with `identity`, so that several pictures can stand in one page."""
    width, height = size
    return (
        element(
            "svg",
            element("title", plain(plain_line(f"{title}: {subtitle}")), id=f"{identity}-title"),
            element("desc", plain(plain_line(description)), id=f"{identity}-desc"),
            element("defs", "", *definitions),
            element("rect", width=width, height=height, rx=28.0, fill=BACKGROUND),
            text(fitted(title, width - 2 * MARGIN, 32), (width / 2, 68), 32, **_MIDDLE, fill=INK, font_weight="600"),
            text(fitted(subtitle, width - 2 * MARGIN, 18), (width / 2, 100), 18, **_MIDDLE, fill=MUTED),
            *drawing,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:g} {height:g}",
            role="img",
            aria_labelledby=f"{identity}-title {identity}-desc",
            font_family=FONTS,
        )
        + "\n"
    )


_MIDDLE = {"text_anchor": "middle"}


def fitted(content: str, width: float, size: float) -> str:
    """`content` on one line, cut where it is wider than `width` at that size of letters."""
    return shortened(plain_line(content), max(2, int(width / (size * GLYPH_WIDTH))))
