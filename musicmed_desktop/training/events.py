"""What a running training tells whoever listens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.affect import Quadrant


@dataclass(frozen=True)
class Coded:
    """The codes of `done` of `total` tracks are there; `excluded` of them cannot be used."""

    done: int
    total: int
    excluded: int


@dataclass(frozen=True)
class Begun:
    """Training begins, or goes on behind `step`.

    `windows` are the examples of each quadrant; `trained` of `weights` numbers of the model are trained.
    """

    step: int
    steps: int
    windows: Mapping[Quadrant, int]
    trained: int
    weights: int
    place: str


@dataclass(frozen=True)
class Stepped:
    """A step is done; `loss` is the mean cross-entropy of its examples, nats a token."""

    step: int
    loss: float
    learning_rate: float
    gradient_norm: float


@dataclass(frozen=True)
class Evaluated:
    """The validation loss behind `step`, over all and for each quadrant; `best` when it is the lowest so far."""

    step: int
    loss: float
    by_quadrant: Mapping[Quadrant, float]
    best: bool


@dataclass(frozen=True)
class Sampled:
    """A sample session with the adapter as it is lies in `folder`, or could not be made for the reason `why`."""

    step: int
    folder: Path | None
    why: str = ""


@dataclass(frozen=True)
class Trained:
    """The training has ended, with the adapter of `best_step` in `adapter`; `early` before its last step."""

    adapter: Path
    step: int
    best_step: int
    first_loss: float
    best_loss: float
    early: bool


@dataclass(frozen=True)
class Paused:
    """The training was stopped behind `step`; the same request goes on from there."""

    step: int


Event = Coded | Begun | Stepped | Evaluated | Sampled | Trained | Paused
