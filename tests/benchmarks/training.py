"""How fast MusicGen is fine-tuned on this computer, and in how much memory: musicgen-small's shape, random weights.

    python -m tests.benchmarks.training                # 16 examples of 30 s a step, 2 at a time, as `musicmed train`
    python -m tests.benchmarks.training --batch 1 --micro-batch 1 --steps 1     # on a processor: about two minutes

The codes are random, too: neither changes what a step costs. T5 is a tiny one; the real one is 5 % of the work.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import torch

from musicmed_desktop.engines.musicgen.shapes import SMALL, WINDOW_FRAMES
from musicmed_desktop.engines.musicgen.text import read_tokenizer
from musicmed_desktop.training.devices import accelerator, base_type, described
from musicmed_desktop.training.examples import Lesson
from musicmed_desktop.training.learner import Learner
from musicmed_desktop.training.model import base_model, with_adapter
from musicmed_desktop.training.recipe import Recipe
from tests.fakes.musicgen import as_checkpoint, save_tokenizer, small_slice


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--micro-batch", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--no-gradient-checkpointing", action="store_true")
    chosen = parser.parse_args()
    recipe = Recipe(
        batch=chosen.batch,
        micro_batch=chosen.micro_batch,
        gradient_checkpointing=not chosen.no_gradient_checkpointing,
    )
    with tempfile.TemporaryDirectory() as folder:
        seconds = _measure(recipe, chosen.steps, Path(folder))
    print(f"a step of {recipe.batch} examples of 30 s: {seconds:.2f} s, {1 / seconds:.3f} steps a second")
    print(f"peak memory: {_peak_gb():.1f} GB")


def _measure(recipe: Recipe, steps: int, folder: Path) -> float:
    """Seconds of a step, the first of which is not counted."""
    where = accelerator(folder)
    checkpoint = as_checkpoint(small_slice(SMALL.layers), save_tokenizer(folder))
    tokenizer = read_tokenizer(folder, 1000)
    model = with_adapter(base_model(checkpoint, base_type(where)), recipe, "musicgen-small")
    learner = Learner(model, checkpoint.decoder, tokenizer, recipe, steps + 1, where)
    print(f"on {described(where)}; {recipe.micro_batch} examples at a time")
    lessons = [
        Lesson(torch.randint(0, 2048, (4, WINDOW_FRAMES)), "calm piano music, slow") for _ in range(recipe.batch)
    ]
    learner.learn(0, lessons)
    began = time.perf_counter()
    for step in range(steps):
        learner.learn(step + 1, lessons)
    return (time.perf_counter() - began) / steps


def _peak_gb() -> float:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_reserved() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
