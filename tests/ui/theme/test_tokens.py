from __future__ import annotations

import pytest

from musicmed_desktop.ui.theme import TOKENS, Tokens

LOOKS = pytest.mark.parametrize("tokens", TOKENS.values(), ids=lambda tokens: tokens.name)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey just below 4.5


@LOOKS
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "danger"])
@pytest.mark.parametrize("ground", ["background", "surface", "raised"])
def test_text_can_be_read_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= (7 if tokens.name == "contrast" else 4.5)


@LOOKS
def test_text_can_be_read_on_the_main_button(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent_hover) >= 4.5


@LOOKS
def test_the_focus_ring_and_the_path_stand_out(tokens: Tokens) -> None:
    """WCAG 2.2, 1.4.11: parts that carry meaning have 3 : 1."""
    for ground in (tokens.background, tokens.surface, tokens.raised):
        assert contrast(tokens.focus, ground) >= 3
    for colour in (tokens.planned, *tokens.ramp):
        assert contrast(colour, tokens.background) >= 3
