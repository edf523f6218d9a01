"""Prompts: the words for each plateau of a session, in the one template that prompts and captions share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.plan.drawing import asked_instruments, drawn_instruments, session_genres
from musicmed_desktop.plan.palette import spoken
from musicmed_desktop.plan.prescription import Palette
from musicmed_desktop.plan.step import Prompt

# Of the 56 mood/theme tags those that say how music feels; the others name a use ("advertising"), a subject
# ("space") or, as "slow" and "fast" do, the tempo, which has words of its own.
CHARACTERS = frozenset(
    (
        *("calm", "cool", "dark", "deep", "dramatic", "dream", "emotional", "energetic", "epic", "fun"),
        *("funny", "groovy", "happy", "heavy", "hopeful", "inspiring", "meditative", "melancholic"),
        *("melodic", "motivational", "positive", "powerful", "relaxing", "romantic", "sad", "soft"),
        *("upbeat", "uplifting"),
    )
)
# Arousal up to which each word holds; tempo follows arousal (Eerola, Friberg, Bresin 2013).
TEMPI = ((-0.6, "very slow"), (-0.2, "slow"), (0.2, "moderate"), (0.6, "lively"), (math.inf, "fast"))


def write_prompts(plateaus: Sequence[Affect], palette: Palette, rng: Random) -> tuple[Prompt, ...]:
    """A prompt for each plateau, given its target. The same state of `rng` gives the same prompts."""
    moods = [mood_tags(target) for target in plateaus]
    genres = session_genres(moods, palette.genres, rng)
    prompts: list[Prompt] = []
    for number, target in enumerate(plateaus):
        if palette.instruments:
            instruments = asked_instruments(palette.instruments, number)
        else:
            previous = prompts[-1].instruments if prompts else ()
            instruments = drawn_instruments(moods[number], genres[number], previous, rng)
        prompts.append(prompt(moods[number], genres[number], instruments, tempo_word(target.arousal)))
    return tuple(prompts)


def mood_tags(target: Affect) -> tuple[str, ...]:
    """The two mood tags nearest to the target that say how music feels, the nearest first."""
    near = (mood.word for mood in nearest(target, count=56, kind="tag"))
    return tuple(word for word in near if word in CHARACTERS)[:2]


def tempo_word(arousal: float) -> str:
    return next(word for ceiling, word in TEMPI if arousal < ceiling)


def prompt(moods: Sequence[str], genre: str, instruments: Sequence[str], tempo: str = "") -> Prompt:
    """The one template, as in "calm, relaxing ambient music with piano and strings, slow tempo".

    `moods`, `genre` and `instruments` are tags; what is empty is left out.
    """
    words = (", ".join(map(spoken, moods)), spoken(genre), "music")
    text = " ".join(word for word in words if word)
    if instruments:
        text += f" with {listed(spoken(tag) for tag in instruments)}"
    if tempo:
        text += f", {tempo} tempo"
    return Prompt(text, tuple(moods), genre, tuple(instruments), tempo)
