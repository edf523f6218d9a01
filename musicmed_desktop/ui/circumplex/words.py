"""Feelings and music in plain words."""

from __future__ import annotations

from musicmed_desktop.affect import Affect, nearest
from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.plan import Phase
from musicmed_desktop.plan.palette import spoken
from musicmed_desktop.ui.circumplex.step import WalkStep
from musicmed_desktop.ui.kit import clock

SLIGHT = 0.15  # less than this, on either axis, is not worth a word
_DEGREES = ((0.35, "a little "), (0.55, ""), (0.75, "quite "), (2.0, "very "))
_MEETING: dict[Phase, str] = {
    "match": "the music meets {mood}",
    "transition": "the music passes through {mood} on its way",
    "settle": "the music stays with {mood}",
}


def words_near(affect: Affect, count: int = 3) -> tuple[str, ...]:
    """The words for feelings that lie nearest, the nearest first."""
    return tuple(mood.word for mood in nearest(affect, count, kind="feeling"))


def word_near(affect: Affect) -> str:
    """The word for a feeling that lies nearest."""
    return words_near(affect, 1)[0]


def describe(affect: Affect) -> str:
    """A feeling in words, as in "worried: unpleasant, quite stirred up"."""
    return f"{word_near(affect)}: {_valence(affect.valence)}, {_arousal(affect)}"


def _valence(valence: float) -> str:
    if abs(valence) < SLIGHT:
        return "neither pleasant nor unpleasant"
    return _degree(valence) + ("pleasant" if valence > 0 else "unpleasant")


def _arousal(affect: Affect) -> str:
    """Nobody calls panic lively or despair calm: the words for arousal depend on valence."""
    if abs(affect.arousal) < SLIGHT:
        return "neither lively nor calm"
    high, low = ("lively", "calm") if affect.valence >= 0 else ("stirred up", "slowed down")
    return _degree(affect.arousal) + (high if affect.arousal > 0 else low)


def _degree(amount: float) -> str:
    return next(word for ceiling, word in _DEGREES if abs(amount) < ceiling)


def why(step: WalkStep) -> str:
    """Why this music: when, for which mood, what was asked for, and how it came out."""
    meeting = _MEETING[step.phase].format(mood=_mood(step.mood))
    sentences = [f"From {clock(step.start_s)} to {clock(step.end_s)} {meeting}.", f"Asked for: {_asked(step)}."]
    if step.measured:
        sentences.append(f"It came out {_outcome(step.target, step.measured)}.")
    return " ".join(sentences)


def _mood(word: str) -> str:
    if " " in word:
        return f"a mood {word}"
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word} mood"


def _asked(step: WalkStep) -> str:
    tempo = "unhurried" if step.tempo == "moderate" else step.tempo
    played = listed(map(spoken, step.instruments)) if step.instruments else "music"
    return ", ".join(filter(None, (f"{tempo} {played}".strip(), spoken(step.genre))))


def _outcome(target: Affect, measured: Affect) -> str:
    differences = (
        (measured.arousal - target.arousal, "livelier", "calmer"),
        (measured.valence - target.valence, "brighter", "darker"),
    )
    parts = [
        ("a little " if abs(amount) < 0.4 else "much ") + (more if amount > 0 else less)
        for amount, more, less in differences
        if abs(amount) >= SLIGHT
    ]
    return f"{listed(parts)} than planned" if parts else "as planned"
