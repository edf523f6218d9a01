"""What engines are called."""

from __future__ import annotations

_NAMES = {"builtin": "built-in composer", "musicgen": "MusicGen", "audiocraft": "AudioCraft"}


def engine_words(name: str) -> str:
    """As in "composed by the built-in composer"; a name that nobody knows stays as it is."""
    return _NAMES.get(name, name)
