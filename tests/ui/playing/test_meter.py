from __future__ import annotations

from musicmed_desktop.ui.playing.meter import level_words


def test_levels_grow_louder_in_words() -> None:
    said = [level_words(level) for level in (-120.0, -40.0, -30.0, -20.0, -6.0, 3.0)]
    assert said == ["silent", "very soft", "soft", "medium", "full", "full"]
