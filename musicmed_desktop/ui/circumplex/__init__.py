"""The circumplex: a pad to choose a feeling on, and the picture of a session."""

from musicmed_desktop.ui.circumplex.pad import AffectPad
from musicmed_desktop.ui.circumplex.step import WalkStep
from musicmed_desktop.ui.circumplex.trajectory import TrajectoryView
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_plan, walk_of_record
from musicmed_desktop.ui.circumplex.words import describe, why, word_near, words_near

__all__ = [
    "AffectPad",
    "TrajectoryView",
    "Walk",
    "WalkStep",
    "describe",
    "walk_of_plan",
    "walk_of_record",
    "why",
    "word_near",
    "words_near",
]
