"""What a running evaluation tells whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.evaluation.values import Evaluation


@dataclass(frozen=True)
class ConditionBegun:
    """The next one is at work: so many of its clips and walks were kept from before."""

    condition: str
    clips_kept: int
    walks_kept: int


@dataclass(frozen=True)
class ClipHeard:
    """A clip was made, heard and kept; `done` of the condition's `total` are."""

    condition: str
    done: int
    total: int


@dataclass(frozen=True)
class WalkHeard:
    """A whole session was made, measured and kept; `done` of the condition's `total` are."""

    condition: str
    done: int
    total: int


@dataclass(frozen=True)
class ReferenceHeard:
    """CLAP has heard `done` of the `total` files of real music."""

    done: int
    total: int


@dataclass(frozen=True)
class Scored:
    """All is heard and compared, and the report is written."""

    evaluation: Evaluation
    report: Path


@dataclass(frozen=True)
class Stopped:
    """The evaluation was stopped; the same request goes on where it was."""


Event = ConditionBegun | ClipHeard | WalkHeard | ReferenceHeard | Scored | Stopped
"""The last event is Scored or Stopped."""
