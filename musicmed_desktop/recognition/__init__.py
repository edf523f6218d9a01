"""Recognizers measure what music conveys."""

from __future__ import annotations

from musicmed_desktop.recognition.base import Measurement, Recognizer

__all__ = ["Measurement", "Recognizer", "create_recognizer"]


def create_recognizer() -> Recognizer:
    """The program's recognizer; it loads its model when it first measures."""
    from musicmed_desktop.recognition.combined import CircumplexRecognizer

    return CircumplexRecognizer()
