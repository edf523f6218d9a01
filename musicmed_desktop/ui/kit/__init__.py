"""The small pieces that every page is made of."""

from musicmed_desktop.ui.kit.buttons import button, choice_group
from musicmed_desktop.ui.kit.labels import body, error, heading, muted, small, title
from musicmed_desktop.ui.kit.notice import Notice
from musicmed_desktop.ui.kit.page import Page, card, row
from musicmed_desktop.ui.kit.questions import ask, tell
from musicmed_desktop.ui.kit.times import clock, minutes_words

__all__ = [
    "Notice",
    "Page",
    "ask",
    "body",
    "button",
    "card",
    "choice_group",
    "clock",
    "error",
    "heading",
    "minutes_words",
    "muted",
    "row",
    "small",
    "tell",
    "title",
]
