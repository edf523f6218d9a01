"""What is asked of a training."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from musicmed_desktop.errors import UserError


@dataclass(frozen=True)
class Recipe:
    """All that decides how a training turns out.

    `rank` to `epochs` are those of musicgen-dreamboothing (https://github.com/ylacombe/musicgen-dreamboothing), with
    which LoRA adapters for MusicGen are usually trained; `batch` examples, over all devices, make a step, `micro_batch`
    of them lie on a device at a time. `warm_up` is a share of the steps. `steps` takes the place of `epochs` where it
    is given. `caption_dropout` is the share of examples that are learnt without their caption, for classifier-free
    guidance; AudioCraft trains with 0.3. `ema` is the decay of a moving average of the adapter, 0 for none.
    `most_windows` are cut from a track. `patience` is the number of evaluations without a better validation loss after
    which the training ends. A sample session lasts `sample_s`; 0 is none.
    """

    window_s: float = 30.0
    most_windows: int = 4
    rank: int = 16
    alpha: int = 16
    lora_dropout: float = 0.05
    learning_rate: float = 2e-4
    warm_up: float = 0.05
    weight_decay: float = 0.1
    clip_norm: float = 1.0
    batch: int = 16
    micro_batch: int = 2
    epochs: float = 4.0
    steps: int | None = None
    caption_dropout: float = 0.2
    tag_dropout: float = 0.1
    ema: float = 0.0
    evaluate_every: int = 200
    checkpoint_every: int = 50
    validation_windows: int = 128
    patience: int = 5
    sample_s: float = 60.0
    gradient_checkpointing: bool = True
    split: int = 0
    seed: int = 0

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def micro_batches(self, processes: int) -> int:
        """How many micro-batches each process computes in a step. Raises UserError where they do not come out even."""
        at_once = self.micro_batch * processes
        if self.batch % at_once:
            raise UserError(
                f"A batch of {self.batch} cannot be shared evenly: {processes} x {self.micro_batch} at a time.",
                f"Choose a batch that is a multiple of {at_once}.",
            )
        return self.batch // at_once


@dataclass(frozen=True)
class Places:
    """The folders of a training: the model to start from, the dataset, where its audio and codes lie, and the result.

    `audio` None: beside the dataset's index. `codes` None: within `out`. `codec`: a folder with EnCodec where it is not
    the model's own.
    """

    model: Path
    dataset: Path
    out: Path
    audio: Path | None = None
    codes: Path | None = None
    codec: Path | None = None
