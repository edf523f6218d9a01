"""Colours of the pictures, by day and by night, and the forms that tell quarters of the circle apart without them."""

from __future__ import annotations

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.session.circumplex import TINTS
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, Position, circle, element

# Dark relatives of the circumplex's tints: each has a contrast of 4.5 : 1 to the background (WCAG 2.2, 1.4.3), and
# they differ in lightness or form for eyes that do not see red or green.
QUADRANTS: dict[Quadrant, str] = {
    "excitement": "#8f6200",
    "distress": "#b0331f",
    "depression": "#2f4fa8",
    "contentment": "#0f7a55",
}
WHITE = "#ffffff"
RULE = "#d3cec3"
BETTER, WORSE, OPEN = "#0b6e8a", "#b2450c", MUTED
SHADE = "#7f9fe0"  # at full strength ink on it has 4.5 : 1

NIGHT = {
    BACKGROUND: "#1b1d29",
    INK: "#eceaf2",
    MUTED: "#a9adbd",
    WHITE: "#11131b",
    RULE: "#474b60",
    BETTER: "#5cc4e0",
    WORSE: "#f39a66",
    SHADE: "#3559b3",
    **dict(zip(QUADRANTS.values(), ("#e3b04a", "#f28b78", "#93adf2", "#5fcba0"), strict=True)),
    **dict(zip(TINTS, ("#6b5520", "#6e3a33", "#36466f", "#2c5a48"), strict=True)),
}


def marker(quadrant: Quadrant, at: Position, radius: float) -> str:
    """A filled form in the colour of its quarter: disc, triangle, square or diamond of about the same size."""
    fill = QUADRANTS[quadrant]
    x, y = at
    if quadrant == "excitement":
        return circle(at, radius, fill=fill)
    side, tip = radius * 0.9, radius * 1.3
    corners = {
        "distress": [(x, y - tip), (x + tip, y + side), (x - tip, y + side)],
        "depression": [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)],
        "contentment": [(x, y - tip), (x + tip, y), (x, y + tip), (x - tip, y)],
    }[quadrant]
    return element("polygon", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners), fill=fill)
