"""A few words of SVG: elements, text, and colours that tell the time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

BACKGROUND = "#fcfaf6"
INK = "#2a2c3d"
MUTED = "#686c7b"

Position = tuple[float, float]  # x, y in the picture, downwards
Value = str | float

# Warm to cool, each readable on the background; a session's time runs along it.
TIME_STOPS = (0.0, 0.35, 0.7, 1.0)
_RAMP = tuple(zip(TIME_STOPS, ((229, 94, 67), (168, 72, 140), (66, 108, 194), (16, 140, 136)), strict=True))


def element(name: str, *children: str, **attributes: Value) -> str:
    """`<name ...>children</name>`. Attribute names use _ for -; children are markup."""
    written = "".join(f' {key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def _value(value: Value) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.4g}"


def plain(content: str) -> str:
    """Plain text as markup."""
    return escape(content, quote=False)


def text(content: str, at: Position, size: float = 16, **attributes: Value) -> str:
    return element("text", plain(content), x=at[0], y=at[1], font_size=size, **attributes)


def line(positions: Sequence[Position], **attributes: Value) -> str:
    """Straight lines from position to position."""
    shape = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in positions)
    return element("path", d=shape, fill="none", **attributes)


def circle(centre: Position, radius: float, **attributes: Value) -> str:
    return element("circle", cx=centre[0], cy=centre[1], r=radius, **attributes)


def time_colour(share: float) -> str:
    """The colour of a moment, `share` 0 (start) to 1 (end) of the session."""
    share = min(1.0, max(0.0, share))
    (low, first), (high, second) = next((a, b) for a, b in pairwise(_RAMP) if share <= b[0])
    mix = (share - low) / (high - low)
    red, green, blue = (round(a + (b - a) * mix) for a, b in zip(first, second, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def time_gradient(name: str) -> str:
    """A horizontal gradient of all time colours, to be used as fill="url(#name)"."""
    stops = (element("stop", offset=share, stop_color=time_colour(share)) for share, _ in _RAMP)
    return element("linearGradient", *stops, id=name)
