"""The colours and measures that the whole window is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark", "contrast"]


@dataclass(frozen=True)
class Tokens:
    """One look. Colours are #rrggbb; text on its ground has a contrast of 4.5 : 1 or more (WCAG 2.2, 1.4.3)."""

    name: Theme
    background: str
    surface: str  # cards and fields
    raised: str  # buttons, hovered rows
    line: str
    ink: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    danger: str
    focus: str
    tints: tuple[str, str, str, str]  # of the circumplex, by quadrant, from excitement on against the clock
    tint_strength: float  # opacity at the rim
    planned: str  # the path that was planned
    ramp: tuple[str, str, str, str]  # a session's time, from its start to its end


LIGHT = Tokens(
    name="light",
    background="#f7f4ee",
    surface="#fffdfa",
    raised="#efeae1",
    line="#d8d1c4",
    ink="#2a2c3d",
    muted="#5f6373",
    accent="#1f6f78",
    accent_hover="#185a61",
    on_accent="#ffffff",
    danger="#a83a30",
    focus="#1a66c9",
    tints=("#f7d988", "#f1aea0", "#a9b8de", "#a3d6bd"),
    tint_strength=0.6,
    planned="#7d7a86",
    ramp=("#e55e43", "#a8488c", "#426cc2", "#108c88"),
)
DARK = Tokens(
    name="dark",
    background="#171a22",
    surface="#1f232d",
    raised="#2a2f3c",
    line="#3b4252",
    ink="#ecebe6",
    muted="#a8adbd",
    accent="#7cc7c7",
    accent_hover="#97d6d5",
    on_accent="#0d2226",
    danger="#f39c8f",
    focus="#8ab8ff",
    tints=("#c79d3c", "#b9604f", "#5b74b8", "#4a9a78"),
    tint_strength=0.42,
    planned="#9a98a6",
    ramp=("#ff8b70", "#d57fbe", "#86a8f0", "#5cc9c0"),
)
CONTRAST = Tokens(
    name="contrast",
    background="#000000",
    surface="#000000",
    raised="#1a1a1a",
    line="#ffffff",
    ink="#ffffff",
    muted="#ffffff",
    accent="#ffe14d",
    accent_hover="#fff0a3",
    on_accent="#000000",
    danger="#ffb3a8",
    focus="#4dd2ff",
    tints=("#4d4000", "#4d1a12", "#14245c", "#0d4029"),
    tint_strength=0.7,
    planned="#ffffff",
    ramp=("#ff9c85", "#f2a1de", "#a8c2ff", "#7df0e6"),
)
TOKENS: dict[Theme, Tokens] = {tokens.name: tokens for tokens in (LIGHT, DARK, CONTRAST)}
