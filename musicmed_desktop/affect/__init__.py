"""The circumplex: points, moods, distances."""

from musicmed_desktop.affect.point import Affect

__all__ = ["Affect"]
