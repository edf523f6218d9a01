"""The look in use: theme and text size, applied to the whole application at once."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from musicmed_desktop.ui.theme.style import style_sheet
from musicmed_desktop.ui.theme.tokens import LIGHT, TOKENS, Tokens

ThemeChoice = Literal["system", "light", "dark", "contrast"]
BASE_POINTS = 11.0  # body text at 100 %
# Where a system has no interface font of its own that is fit for long reading.
_FAMILIES = ("Inter", "Cantarell", "Noto Sans", "DejaVu Sans")


class Appearance(QObject):
    """Widgets that paint themselves read `tokens` and `scale` when painting, and repaint on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.scale = 1.0
        self.choice: ThemeChoice = "light"
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    def apply(self, choice: ThemeChoice, text_size: int) -> None:
        """Show the whole application in a theme ("system": as the desktop is) and a text size in percent."""
        self.choice = choice
        self.tokens, self.scale = TOKENS[_resolved(choice)], text_size / 100
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setFont(_font(self.scale))
        application.setPalette(_palette(self.tokens))
        application.setStyleSheet(style_sheet(self.tokens, self.scale))
        self.changed.emit()

    def px(self, size: float) -> int:
        """A length that grows with the text."""
        return round(size * self.scale)

    def gap(self, size: float) -> int:
        """A distance between things: it grows half as much as the text, which needs the room for itself."""
        return round(size * (1 + self.scale) / 2)

    def _system_changed(self) -> None:
        if self.choice == "system":
            self.apply("system", round(self.scale * 100))


@cache
def appearance() -> Appearance:
    """The one look of this process; the QApplication must exist."""
    return Appearance()


def _resolved(choice: ThemeChoice) -> Literal["light", "dark", "contrast"]:
    if choice != "system":
        return choice
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def _font(scale: float) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if QGuiApplication.platformName() not in ("windows", "cocoa"):
        known = set(QFontDatabase.families())
        font.setFamily(next((family for family in _FAMILIES if family in known), font.family()))
    font.setPointSizeF(BASE_POINTS * scale)
    return font


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.WindowText: tokens.ink,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.ink,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.ink,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.ink,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Text, QColor(tokens.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, QColor(tokens.muted))
    return palette
