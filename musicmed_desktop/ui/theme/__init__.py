"""How the window looks."""

from musicmed_desktop.ui.theme.appearance import Appearance, appearance
from musicmed_desktop.ui.theme.tokens import CONTRAST, DARK, LIGHT, TOKENS, Theme, Tokens

__all__ = ["CONTRAST", "DARK", "LIGHT", "TOKENS", "Appearance", "Theme", "Tokens", "appearance"]
