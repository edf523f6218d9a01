"""What engines are called."""

from __future__ import annotations

from musicmed_desktop.edition import edition
from musicmed_desktop.engines import musicgen_lacks

_NAMES = {"builtin": "built-in composer", "musicgen": "MusicGen", "audiocraft": "AudioCraft"}
_PLAY_MODELS = ("musicgen", "audiocraft")
_THEN = ", then "  # between those that made a session one after another, as library/resumed.py joins them


def offer_words(name: str) -> str:
    """As it is offered; what cannot be chosen here says why."""
    words = "Automatic" if name == "auto" else engine_words(name)
    words = words[0].upper() + words[1:]
    if can_be_chosen(name):
        return words
    return f"{words} ({'in the full edition' if edition() == 'light' else 'not installed'})"


def can_be_chosen(name: str) -> bool:
    """Whether all is here that it needs, but for the music models."""
    return name not in _PLAY_MODELS or not musicgen_lacks()


def engine_words(name: str) -> str:
    """As in "composed by the built-in composer"; a name that nobody knows stays as it is.

    Of a session that another engine went on with, "builtin, then musicgen": "built-in composer, then MusicGen".
    """
    return _THEN.join(_NAMES.get(each, each) for each in name.split(_THEN))
