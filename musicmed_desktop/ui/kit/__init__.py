"""The small pieces that every page is made of."""

from musicmed_desktop.ui.kit.announcing import announce, describe_as
from musicmed_desktop.ui.kit.buttons import Button, Look, button, choice_group, release_all
from musicmed_desktop.ui.kit.column import Card, Column, Part
from musicmed_desktop.ui.kit.dialog import Dialog
from musicmed_desktop.ui.kit.flow import Flow
from musicmed_desktop.ui.kit.foot import Foot, footed
from musicmed_desktop.ui.kit.labels import body, error, heading, muted, set_look, show_text, small, title
from musicmed_desktop.ui.kit.lock_choice import LockChoice
from musicmed_desktop.ui.kit.notice import Notice
from musicmed_desktop.ui.kit.page import Page
from musicmed_desktop.ui.kit.questions import ask, tell
from musicmed_desktop.ui.kit.row import Row
from musicmed_desktop.ui.kit.secrets import Secrets
from musicmed_desktop.ui.kit.side_by_side import SideBySide
from musicmed_desktop.ui.kit.times import clock, minutes_words

__all__ = [
    "Button",
    "Card",
    "Column",
    "Dialog",
    "Flow",
    "Foot",
    "LockChoice",
    "Look",
    "Notice",
    "Page",
    "Part",
    "Row",
    "Secrets",
    "SideBySide",
    "announce",
    "ask",
    "body",
    "button",
    "choice_group",
    "clock",
    "describe_as",
    "error",
    "footed",
    "heading",
    "minutes_words",
    "muted",
    "release_all",
    "set_look",
    "show_text",
    "small",
    "tell",
    "title",
]
