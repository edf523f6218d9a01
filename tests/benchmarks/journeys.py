"""How well sessions walk where they are asked to, and how fast they are made.

    python -m tests.benchmarks.journeys                      # 12 pairs of moods, 3 seeds, 15 minutes: about 20 minutes
    python -m tests.benchmarks.journeys --pairs 2 --seeds 1 --minutes 4

Prints a row for each session (the progress of what was measured along the planned path, as Spearman's rank
correlation with the planned progress; seconds needed; joins) and the correlations over all steps.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from musicmed_desktop.engines.base import Engine, Frames
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.evaluation.walking import PAIRS, Points, advance
from musicmed_desktop.plan import Plan, build_plan, parse_prescription
from musicmed_desktop.recognition import create_recognizer
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.recordings import MemoryRecording


@dataclass(frozen=True)
class Journey:
    """A finished session: its plan, its record, its sound and the seconds that it took to make."""

    plan: Plan
    record: SessionRecord
    sound: Frames
    seconds: float

    @property
    def targets(self) -> Points:
        return np.array([[s.target.valence, s.target.arousal] for s in self.record.steps])

    @property
    def measured(self) -> Points:
        return np.array([[s.measured.valence, s.measured.arousal] for s in self.record.steps])

    def heard(self, attribute: str) -> Points:
        return np.array([step.heard[attribute] for step in self.record.steps])

    @property
    def advance(self) -> float:
        return advance(self.plan, self.record)


def make(engine: Engine, recognizer: Recognizer, start: str, target: str, minutes: float, seed: int) -> Journey:
    plan = build_plan(parse_prescription({"start": start, "target": target, "minutes": minutes}), seed)
    recording = MemoryRecording(sound=(engine.sample_rate, engine.channels))
    begun = time.perf_counter()
    for _ in SessionRunner(plan, engine, recognizer, recording).run():
        pass
    assert recording.record is not None
    return Journey(plan, recording.record, recording.samples, time.perf_counter() - begun)


def journeys(pairs: int, seeds: int, minutes: float) -> Iterator[Journey]:
    engine, recognizer = BuiltinEngine(bundled_soundfont()), create_recognizer()
    for start, target in PAIRS[:pairs]:
        for seed in range(1, seeds + 1):
            yield make(engine, recognizer, start, target, minutes, seed)


def correlations(walks: list[Journey]) -> dict[str, float]:
    """Pearson's r of what was planned with what was measured, over all steps of all sessions."""
    targets = np.concatenate([walk.targets for walk in walks])
    measured = np.concatenate([walk.measured for walk in walks])
    vibenet = np.concatenate([walk.heard("vibenet_valence") for walk in walks])
    tonal = np.concatenate([walk.heard("tonal_valence") for walk in walks])
    return {
        "arousal": float(np.corrcoef(targets[:, 1], measured[:, 1])[0, 1]),
        "valence, combined": float(np.corrcoef(targets[:, 0], measured[:, 0])[0, 1]),
        "valence, VibeNet alone": float(np.corrcoef(targets[:, 0], vibenet)[0, 1]),
        "valence, tonal alone": float(np.corrcoef(targets[:, 0], tonal)[0, 1]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=len(PAIRS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=15)
    chosen = parser.parse_args()
    print("| from | to | seed | genre | advance | miss of arousal | miss of valence | tries | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    walks = []
    for walk in journeys(chosen.pairs, chosen.seeds, chosen.minutes):
        miss = np.sqrt(np.square(walk.targets - walk.measured).mean(axis=0))
        steps = walk.record.steps
        tries = np.mean([step.tries for step in steps])
        ends = f"{steps[0].mood} | {steps[-1].mood} | {walk.plan.seed} | {steps[0].genre}"
        row = f"{walk.advance:.2f} | {miss[1]:.2f} | {miss[0]:.2f} | {tries:.1f} | {walk.seconds:.1f}"
        print(f"| {ends} | {row} |", flush=True)
        walks.append(walk)
    print()
    for name, r in correlations(walks).items():
        print(f"r of {name}: {r:.3f}")
    advances = [walk.advance for walk in walks]
    print(f"advance: median {np.median(advances):.3f}, least {min(advances):.3f}")
    print(f"seconds a session: median {np.median([walk.seconds for walk in walks]):.1f}")


if __name__ == "__main__":
    main()
