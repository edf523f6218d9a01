"""Fine-tuning from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from accelerate import Accelerator

from musicmed_desktop.disk import occupied
from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint
from musicmed_desktop.engines.musicgen.text import read_tokenizer
from musicmed_desktop.training import devices
from musicmed_desktop.training.adapter import base_name
from musicmed_desktop.training.codes.encoder import Encoder
from musicmed_desktop.training.course import Course, count_steps
from musicmed_desktop.training.dataset.folder import Dataset, read_dataset
from musicmed_desktop.training.events import Begun, Coded, Event, Paused
from musicmed_desktop.training.examples import by_quadrant, digest
from musicmed_desktop.training.learner import Learner
from musicmed_desktop.training.model import base_model, with_adapter
from musicmed_desktop.training.preparing import Material, open_cache, prepare
from musicmed_desktop.training.recipe import Places, Recipe
from musicmed_desktop.training.run_folder import RunFolder

# Somebody whose memory ran out goes on with less of it.
_MAY_CHANGE = ("micro_batch", "gradient_checkpointing", "sample_s", "checkpoint_every")


def train(places: Places, recipe: Recipe, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Fine-tune, or go on where the same request stopped; the last event is Trained or Paused.

    Started by `accelerate launch`, every process runs this, and they share the work; the main one alone has events.
    Raises UserError before any long work where the model, the dataset, the recipe or a folder cannot be used.
    """
    accelerator = devices.accelerator(RunFolder(places.out).logs)
    for event in _train(places, recipe, accelerator, cancelled):
        if accelerator.is_main_process:
            yield event


def _train(
    places: Places, recipe: Recipe, accelerator: Accelerator, cancelled: Callable[[], bool]
) -> Generator[Event, None, None]:
    checkpoint, dataset = read_checkpoint(places.model), read_dataset(places.dataset, places.audio, recipe.split)
    tokenizer = read_tokenizer(checkpoint.text.tokenizer, checkpoint.text.config["vocab_size"])
    run = RunFolder(places.out)
    recipe.micro_batches(accelerator.num_processes)
    encoder = Encoder(places.codec or places.model, str(accelerator.device))
    with _ours(run, _request(places, recipe, encoder), accelerator):
        material = yield from _material(dataset, places.codes or run.codes, encoder, recipe, accelerator, cancelled)
        if material is None:
            yield Paused(0)
            return
        if accelerator.is_main_process:
            run.list_excluded(material.excluded)
            run.claim({"examples": digest((*material.training, *material.validation))})
        steps = count_steps(recipe, len(material.training))
        base = base_model(checkpoint, devices.base_type(accelerator))
        model = with_adapter(base, recipe, base_name(places.model))
        learner = Learner(model, checkpoint.decoder, tokenizer, recipe, steps, accelerator)
        course = Course(learner, material, places, recipe, steps, run, accelerator)
        trained, whole = model.get_nb_trainable_parameters()
        windows = by_quadrant(material.training)
        yield Begun(course.step, steps, windows, trained, whole - trained, devices.described(accelerator))
        with _log(accelerator, course.step):
            yield from course.run(cancelled)


def _request(places: Places, recipe: Recipe, encoder: Encoder) -> dict[str, Any]:
    """What must be the same for a training to go on."""
    folders = {"model": places.model, "dataset": places.dataset}
    names = {name: folder.resolve().name for name, folder in folders.items()}
    decides = {name: value for name, value in recipe.document().items() if name not in _MAY_CHANGE}
    return {**names, "codec": encoder.fingerprint[:16], **decides}


@contextmanager
def _ours(run: RunFolder, request: Mapping[str, Any], accelerator: Accelerator) -> Iterator[None]:
    """The folder of the result is held by the main process, for all of them."""
    with occupied(run.folder, "training") if accelerator.is_main_process else nullcontext():
        if accelerator.is_main_process:
            run.claim(request)
        accelerator.wait_for_everyone()
        yield


def _material(
    dataset: Dataset,
    codes: Path,
    encoder: Encoder,
    recipe: Recipe,
    accelerator: Accelerator,
    cancelled: Callable[[], bool],
) -> Generator[Event, None, Material | None]:
    """None where it was cancelled; then what was computed so far is kept."""
    material = None
    for told in prepare(dataset, open_cache(codes, encoder, recipe), encoder, recipe, accelerator, cancelled):
        if isinstance(told, Coded):
            yield told
        else:
            material = told
    return material


@contextmanager
def _log(accelerator: Accelerator, step: int) -> Iterator[None]:
    """Numbers go to TensorBoard; what was logged behind `step`, before the training stopped, is forgotten."""
    # TensorBoard forgets the step that it is told, too
    accelerator.init_trackers("tensorboard", init_kwargs={"tensorboard": {"purge_step": step + 1}})
    try:
        yield
    finally:
        accelerator.end_training()
