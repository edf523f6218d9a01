"""From the dataset's folder to examples: all that happens before the first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from accelerate import Accelerator

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.cache import CodeCache, Layout
from musicmed_desktop.training.codes.encoder import Encoder
from musicmed_desktop.training.codes.filling import fill, require_space
from musicmed_desktop.training.dataset.folder import Dataset
from musicmed_desktop.training.dataset.track import Excluded, Source
from musicmed_desktop.training.devices import share
from musicmed_desktop.training.events import Coded
from musicmed_desktop.training.examples import Example, examples, selected
from musicmed_desktop.training.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Material:
    """What is learnt from, what it is tried on, and what could not be used."""

    training: tuple[Example, ...]
    validation: tuple[Example, ...]
    excluded: tuple[Excluded, ...]


def open_cache(folder: Path, encoder: Encoder, recipe: Recipe) -> CodeCache:
    """Raises UserError where the folder holds codes of another kind."""
    frames = int(recipe.window_s * encoder.frame_rate)
    return CodeCache(folder, Layout(encoder.fingerprint, recipe.window_s, recipe.most_windows, frames))


def prepare(
    dataset: Dataset,
    cache: CodeCache,
    encoder: Encoder,
    recipe: Recipe,
    accelerator: Accelerator,
    cancelled: Callable[[], bool],
) -> Iterator[Coded | Material]:
    """Compute the codes that are not there yet, shared among the processes; in the end gives the Material.

    Ends without it when `cancelled()` turns true. Raises UserError where the disk is too small, or nothing is left.
    """
    sources = (*dataset.train, *dataset.validation)
    require_space(sources, cache)
    mine, unusable = share(accelerator, sources), 0
    for done, filled in enumerate(fill(mine, cache, encoder, cancelled), start=1):
        unusable += filled.excluded is not None
        yield Coded(done, len(mine), unusable)
    if cancelled():
        return
    accelerator.wait_for_everyone()
    yield _material(dataset, cache, recipe)


def _material(dataset: Dataset, cache: CodeCache, recipe: Recipe) -> Material:
    training = _required(dataset.train, cache, "training")
    validation = selected(_required(dataset.validation, cache, "validation"), recipe.validation_windows)
    sources = (*dataset.train, *dataset.validation)
    broken = [
        Excluded(each.track.id, each.track.path, why) for each in sources if (why := cache.refused(each.track.id))
    ]
    return Material(training, validation, (*dataset.excluded, *broken))


def _required(sources: tuple[Source, ...], cache: CodeCache, part: str) -> tuple[Example, ...]:
    found = examples(sources, cache)
    if not found:
        reasons = {why for each in sources if (why := cache.refused(each.track.id))}
        raise UserError(
            f"No track of the {part} part can be used.",
            "Check the audio files, or choose shorter windows.",
            "; ".join(sorted(reasons)[:5]),
        )
    return found
