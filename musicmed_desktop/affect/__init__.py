"""The circumplex: points, moods, distances."""

from musicmed_desktop.affect.moods import Mood, Quadrant, mood, moods, nearest, quadrant
from musicmed_desktop.affect.point import Affect

__all__ = ["Affect", "Mood", "Quadrant", "mood", "moods", "nearest", "quadrant"]
