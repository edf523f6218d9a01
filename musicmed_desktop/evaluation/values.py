"""What an evaluation asks for, hears and concludes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.choice import Choice
from musicmed_desktop.plan.step import Prompt

Embedding = NDArray[np.float32]  # [d], of length 1


@dataclass(frozen=True)
class Condition:
    """One maker of music that is compared; `tuned_from` names the condition that is the same without an adapter.

    `choice` is None where the music was made elsewhere.
    """

    name: str
    choice: Choice | None
    tuned_from: str = ""


@dataclass(frozen=True)
class Item:
    """One clip that every condition makes; `key` is a file's name, and the same in every condition.

    `target` is where the music should lie, `prompt.moods` the intended mood tags.
    """

    key: str
    prompt: Prompt
    target: Affect
    seed: int


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard in one clip. Without CLAP there is no `clap_score` (cosine of text and sound) and no `embedding`,
    and `clap_tags`, its choice among the mood tags, is empty."""

    item: Item
    measured: Affect
    clap_score: float | None = None
    clap_tags: tuple[str, ...] = ()
    embedding: Embedding | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Walk:
    """One whole session, and how well it walked.

    `advance`: Spearman's correlation of planned and measured progress along the path. `miss`: mean distance of its
    steps from their targets. `join_jump_lu`: median change of short-term loudness at its joins, NaN where none can be
    measured; `clicks`: the share of joins with a larger step from sample to sample than the music around them has.
    """

    start: str
    target: str
    seed: int
    advance: float
    miss: float
    join_jump_lu: float
    clicks: float


@dataclass(frozen=True)
class Results:
    """All that was heard of one condition."""

    condition: Condition
    clips: tuple[Heard, ...]
    walks: tuple[Walk, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A column of the table. `about` explains it in a sentence; `unit` is empty where it has none."""

    key: str
    name: str
    about: str
    better: Literal["higher", "lower"]
    unit: str = ""


@dataclass(frozen=True)
class Estimate:
    """A score with the 95 % confidence interval of its bootstrap; `low` and `high` are NaN where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """The scores of one condition by the keys of their metrics; a metric that could not be computed is missing."""

    condition: str
    clips: int
    walks: int
    scores: Mapping[str, Estimate]


@dataclass(frozen=True)
class Comparison:
    """Tuned minus base, over the clips (or walks) that both have, by the keys of the metrics."""

    base: str
    tuned: str
    pairs: int
    differences: Mapping[str, Estimate]


@dataclass(frozen=True)
class Evaluation:
    """The whole outcome. `setting` says how it was made, line by line: name and value."""

    setting: Mapping[str, str]
    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]
    comparisons: tuple[Comparison, ...]
    results: tuple[Results, ...]
