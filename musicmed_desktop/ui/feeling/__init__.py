"""Saying how one feels: on the circumplex or by a word."""

from musicmed_desktop.ui.feeling.picker import FeelingPicker
from musicmed_desktop.ui.feeling.word_list import WordList

__all__ = ["FeelingPicker", "WordList"]
