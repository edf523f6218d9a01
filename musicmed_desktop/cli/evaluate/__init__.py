"""`musicmed evaluate`: how well music fits the moods that it was made for."""

from musicmed_desktop.cli.evaluate.command import evaluate

__all__ = ["evaluate"]
