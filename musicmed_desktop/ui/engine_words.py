"""What engines are called."""

from __future__ import annotations

_NAMES = {"builtin": "built-in composer", "musicgen": "MusicGen", "audiocraft": "AudioCraft"}
_THEN = ", then "  # between those that made a session one after another, as library/resumed.py joins them


def engine_words(name: str) -> str:
    """As in "composed by the built-in composer"; a name that nobody knows stays as it is.

    Of a session that another engine went on with, "builtin, then musicgen": "built-in composer, then MusicGen".
    """
    return _THEN.join(_NAMES.get(each, each) for each in name.split(_THEN))
