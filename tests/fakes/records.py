"""Records of sessions that nobody played."""

from __future__ import annotations

from random import Random

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan
from musicmed_desktop.session.record import Audio, Coordinates, SessionRecord, StepRecord, Tool


def record_of(plan: Plan, spread: float = 0.15, clips: int | None = None) -> SessionRecord:
    """The record of a session whose measurements miss their targets by chance; stopped after `clips`."""
    chance = Random(plan.seed)
    steps = tuple(
        StepRecord(
            index=step.index,
            start_s=step.start_s,
            duration_s=step.duration_s,
            phase=step.phase,
            progress=step.progress,
            mood=step.mood,
            target=Coordinates.of(step.target),
            aim=Coordinates.of(step.target),
            measured=Coordinates.of(
                Affect.clipped(
                    step.target.valence * 0.6 + chance.gauss(0, spread), step.target.arousal + chance.gauss(0, spread)
                )
            ),
            heard={"energy": 0.5},
            prompt=step.prompt.text,
            genre=step.prompt.genre,
            instruments=step.prompt.instruments,
            tempo=step.prompt.tempo,
            loudness_lufs=-18.0,
            tries=2,
            seed=step.index,
        )
        for step in plan.steps[:clips]
    )
    return SessionRecord(
        application=Tool(name="musicmed-desktop", version="0"),
        engine=Tool(name="tones", version="1"),
        recognizer=Tool(name="tone-reader", version="1"),
        seed=plan.seed,
        shortened=len(steps) < len(plan.steps),
        prescription=plan.prescription,
        path=tuple(map(Coordinates.of, plan.path)),
        audio=Audio(
            path="session.flac",
            sample_rate=44100,
            channels=2,
            duration_s=steps[-1].start_s + steps[-1].duration_s,
            loudness_lufs=-18.0,
            true_peak_dbtp=-1.0,
        ),
        steps=steps,
    )
