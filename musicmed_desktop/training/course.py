"""The course of a training: steps, evaluations, samples, states on the disk, and an end."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from accelerate import Accelerator

from musicmed_desktop.errors import UserError
from musicmed_desktop.training import adapter, checkpoints
from musicmed_desktop.training.captions import caption
from musicmed_desktop.training.card import Card
from musicmed_desktop.training.checkpoints import Progress
from musicmed_desktop.training.events import Evaluated, Event, Paused, Sampled, Stepped, Trained
from musicmed_desktop.training.examples import Lessons, by_quadrant
from musicmed_desktop.training.learner import Learner
from musicmed_desktop.training.preparing import Material
from musicmed_desktop.training.recipe import Places, Recipe
from musicmed_desktop.training.run_folder import RunFolder
from musicmed_desktop.training.validation import Loss, validate


class Course:
    """Leads `learner` through `steps` steps over `material`; goes on from the newest state in `run`."""

    def __init__(
        self,
        learner: Learner,
        material: Material,
        places: Places,
        recipe: Recipe,
        steps: int,
        run: RunFolder,
        accelerator: Accelerator,
    ) -> None:
        self._learner, self._material, self._places, self._recipe = learner, material, places, recipe
        self._steps, self._run, self._accelerator = steps, run, accelerator
        self._lessons = Lessons(material.training, recipe)
        self._progress = Progress()
        state = checkpoints.newest(run.checkpoints)
        if state is not None:
            learner.restore(state)
            self._progress = state.progress

    @property
    def step(self) -> int:
        """How many steps are done."""
        return self._progress.step

    def run(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """The last event is Trained, or Paused after `cancelled()` turned true."""
        if math.isinf(self._progress.best_loss):  # nothing was measured yet
            yield from self._evaluate(cancelled)
        while self.step < self._steps and not self._spent():
            if self._agreed(cancelled()):
                self._save()
                yield Paused(self.step)
                return
            yield self._learn()
            if self.step % self._recipe.evaluate_every == 0 or self.step == self._steps:
                yield from self._evaluate(cancelled)
            elif self.step % self._recipe.checkpoint_every == 0:
                self._save()
        yield self._finish()

    def _learn(self) -> Stepped:
        rate = self._learner.learning_rate
        loss, norm = self._learner.learn(self.step, self._lessons.of_step(self.step))
        if not math.isfinite(loss):
            raise UserError(
                "The training has come to numbers that are none.",
                "Choose a smaller --learning-rate, and another folder with --out.",
                f"step {self.step + 1}: loss {loss}, gradient {norm}",
            )
        self._progress = replace(self._progress, step=self.step + 1)
        self._accelerator.log({"loss": loss, "learning rate": rate, "gradient norm": norm}, step=self.step)
        return Stepped(self.step, loss, rate, norm)

    def _evaluate(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        loss = validate(self._learner, self._material.validation, self._recipe.micro_batch, self._accelerator)
        self._accelerator.log(
            {"validation/all": loss.mean, **{f"validation/{name}": each for name, each in loss.by_quadrant.items()}},
            step=self.step,
        )
        best = loss.mean < self._progress.best_loss
        if self.step == 0:
            self._progress = replace(self._progress, first_loss=loss.mean)
        if best:
            self._progress = replace(self._progress, best_loss=loss.mean, best_step=self.step, lacking=0)
        else:
            self._progress = replace(self._progress, lacking=self._progress.lacking + 1)
        yield Evaluated(self.step, loss.mean, loss.by_quadrant, best)
        if best:
            self._keep(loss)
        self._save()
        if self.step:
            yield from self._sample(loss, cancelled)

    def _keep(self, loss: Loss) -> None:
        """The adapter as it is, as the best so far."""
        if self._accelerator.is_main_process:
            self._write_adapter(self._run.best(self.step), loss)

    def _sample(self, loss: Loss, cancelled: Callable[[], bool]) -> Iterator[Event]:
        if self._recipe.sample_s and self._accelerator.is_main_process:
            from musicmed_desktop.training.samples import sample

            folder, tried = self._run.sample(self.step), self._run.folder / ".sampled"
            self._write_adapter(tried, loss)
            try:
                sample(self._places.model, tried, folder, self._recipe.sample_s, self._recipe.seed, cancelled)
                yield Sampled(self.step, folder)
            except UserError as error:  # as when memory is short: the training is worth more than the sample
                yield Sampled(self.step, None, str(error))
            finally:
                shutil.rmtree(tried)
        self._accelerator.wait_for_everyone()

    def _save(self) -> None:
        if self._accelerator.is_main_process:
            checkpoints.save(self._learner.state(self._progress), self._run.checkpoints)
            self._run.keep_only(self._run.best(self._progress.best_step))
        self._accelerator.wait_for_everyone()

    def _finish(self) -> Trained:
        progress, best = self._progress, self._run.best(self._progress.best_step)
        if self._accelerator.is_main_process:
            adapter.copy(best, self._run.adapter)
        self._accelerator.wait_for_everyone()
        return Trained(
            self._run.adapter,
            progress.step,
            progress.best_step,
            progress.first_loss,
            progress.best_loss,
            early=progress.step < self._steps,
        )

    def _write_adapter(self, folder: Path, loss: Loss) -> None:
        example = self._material.training[0]
        card = Card(
            adapter.base_name(self._places.model),
            self._recipe,
            caption(example.track, example.bpm),
            by_quadrant(self._material.training),
            self.step,
            self._progress.first_loss,
            loss.mean,
            loss.by_quadrant,
        )
        with self._learner.at_rest():
            adapter.save(self._learner.model, card, folder)

    def _spent(self) -> bool:
        return self._progress.lacking >= self._recipe.patience

    def _agreed(self, cancelled: bool) -> bool:
        """Whether any of the processes was asked to stop: all of them stop behind the same step."""
        if cancelled:
            self._accelerator.set_trigger()
        return bool(self._accelerator.check_trigger())


def count_steps(recipe: Recipe, windows: int) -> int:
    """How many steps the recipe asks for, given so many windows to learn from."""
    return recipe.steps or math.ceil(recipe.epochs * windows / recipe.batch)
