"""`musicmed train`: fine-tune MusicGen on the mood tags of MTG-Jamendo."""

from musicmed_desktop.cli.train.command import train

__all__ = ["train"]
