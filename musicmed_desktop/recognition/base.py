"""The seam between a session and whatever listens to its music."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect


@dataclass(frozen=True)
class Measurement:
    """What a recognizer heard: the affect, and the raw attributes that it was made from."""

    affect: Affect
    attributes: Mapping[str, float]


class Recognizer(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...

    def measure(self, samples: NDArray[np.float32], sample_rate: int) -> Measurement:
        """Measure music of at least 3 s; `samples` is (n, channels) in [-1, 1]."""
        ...
