"""What the measures cannot say."""

from __future__ import annotations

from collections.abc import Iterable

from musicmed_desktop.evaluation.values import Metric

_HEARD = ("circumplex_error", "valence_error", "valence_r", "tags_f1", "quadrant_f1", "walk_miss", "advance")
_LIMITS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        _HEARD,
        "Where music lies on the circumplex is what the program's recognizer hears, not a listener. Its valence "
        "(unpleasant to pleasant) is less reliable than its arousal (calm to activated), as with such programs in "
        "general (Huq, Bello and Rowe 2010).",
    ),
    (
        ("advance", "walk_miss"),
        "The recognizer also steers a session: what is measured along the way is what the program aimed for, and says "
        "less than it would from another ear.",
    ),
    (
        ("clap", "clap_tags_f1"),
        "CLAP compares sound and words as it learned them from descriptions of sounds. It knows genres and instruments "
        "well, moods less so; its score has no scale of its own, and only differences between scores say something.",
    ),
    (
        ("tags_hamming", "quadrant_hamming"),
        "The Hamming score counts what is rightly absent, too. Most tags are absent from most clips, so that it is "
        "high even by chance: read it beside F1.",
    ),
    (
        ("fad",),
        "The Frechet audio distance is too large for few clips, the more so the fewer there are (Gui et al. 2024, "
        "arXiv 2311.01616). It compares conditions with as many clips; it is no figure to hold against other papers.",
    ),
)
_ALWAYS = (
    "The 95 % intervals come from a bootstrap over these clips. They cover the chance of drawing clips, not other "
    "moods, other instruments or other listeners, and from fewer than 20 clips they are often too narrow.",
    "Where many differences are looked at, about one in twenty seems more than chance by chance alone.",
    "All of it says how music is heard by programs. What it does for a person is another question.",
)


def limits(metrics: Iterable[Metric]) -> list[str]:
    """Those of the metrics that are shown, and those of all."""
    keys = {metric.key for metric in metrics}
    return [words for those, words in _LIMITS if keys.intersection(those)] + list(_ALWAYS)
