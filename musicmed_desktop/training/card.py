"""The model card of an adapter (Mitchell et al. 2019), in the form that the Hugging Face hub reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from musicmed_desktop import __version__
from musicmed_desktop.affect import Quadrant
from musicmed_desktop.training.recipe import Recipe

_HEAD = """\
---
base_model: {base}
library_name: peft
license: cc-by-nc-4.0
pipeline_tag: text-to-audio
tags:
- lora
- music
- musicgen
- mood
---
"""
_BODY = """
# {name}

A LoRA adapter (Hu et al. 2021) for {base}, trained on mood tags of MTG-Jamendo with MusicMed Desktop {version}, for
music that fits the mood it is asked for (Nikolakakis et al. 2024, arXiv 2411.09080). It is research, not a medical
device; no effect on health is promised.

## Use

In MusicMed Desktop: `musicmed models import` this folder, then `musicmed compose --adapter`. With transformers and
peft: `PeftModel.from_pretrained(MusicgenForConditionalGeneration.from_pretrained("{base}"), "this folder")`.
Prompts are sentences such as "{prompt}".

## Data

MTG-Jamendo (Bogdanov, Won, Tovstogan, Porter, Serra 2019), mood/theme tags, official split {split}: {windows} windows
of {window_s:g} seconds from the training part, balanced over the quadrants of the circumplex of affect (Russell 1980):

| quadrant | windows |
|---|---|
{quadrants}

## Licence

The weights of MusicGen, on which this adapter was trained, are under CC-BY-NC 4.0: use that is not commercial, with the
makers named. MTG-Jamendo's metadata are under CC BY-NC-SA 4.0; each recording has a Creative Commons licence of its
own, which the dataset lists.

## Metrics

Cross-entropy on the validation part, nats a token, behind step {step}: {loss:.4f} ({first:.4f} without the adapter).

| quadrant | cross-entropy |
|---|---|
{losses}

## Training

| | |
|---|---|
{recipe}
"""


@dataclass(frozen=True)
class Card:
    """What an adapter's card tells. `windows` and `losses` are given for each quadrant, losses in nats a token."""

    base: str
    recipe: Recipe
    prompt: str
    windows: Mapping[Quadrant, int]
    step: int
    first_loss: float
    loss: float
    losses: Mapping[Quadrant, float]

    def text(self) -> str:
        """The card in Markdown."""
        model = self.base.rpartition("/")[2]
        body = _BODY.format(
            name=f"Moods for {model}",
            base=self.base,
            version=__version__,
            prompt=self.prompt,
            split=self.recipe.split,
            windows=sum(self.windows.values()),
            window_s=self.recipe.window_s,
            quadrants=_rows(self.windows),
            step=self.step,
            loss=self.loss,
            first=self.first_loss,
            losses=_rows({name: f"{loss:.4f}" for name, loss in self.losses.items()}),
            recipe=_rows({name.replace("_", " "): value for name, value in self.recipe.document().items()}),
        )
        return _HEAD.format(base=json.dumps(self.base)) + body


def _rows(cells: Mapping[str, object] | Mapping[Quadrant, object]) -> str:
    return "\n".join(f"| {name} | {value} |" for name, value in cells.items())
