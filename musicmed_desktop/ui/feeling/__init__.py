"""Saying how one feels: on the circumplex or by a word."""

from musicmed_desktop.ui.feeling.mood_picker import MoodPicker
from musicmed_desktop.ui.feeling.word_list import WordList

__all__ = ["MoodPicker", "WordList"]
