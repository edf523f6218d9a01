"""VibeNet 0.1.0: Spotify-like attributes of a piece of music, heard by a small convolutional network.

Its ONNX model lies inside the vibenet wheel (GPL-3.0); it is run here directly, because the package's own
front end imports librosa, numba and pydub.
"""

from __future__ import annotations

import threading
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.recognition.mel import log_mel

VERSION = "0.1.0"

# The network's outputs in its order. Likelihoods come as logits, the others as values that may overshoot.
ATTRIBUTES = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "liveness",
    "speechiness",
    "valence",
)
_LIKELIHOODS = frozenset({"acousticness", "instrumentalness", "liveness"})


class VibeNet:
    """The network, loaded at its first use; several threads may share it."""

    def __init__(self) -> None:
        self._session: Any = None
        self._loading = threading.Lock()

    def attributes(self, mono: NDArray[np.float32]) -> dict[str, float]:
        """What `mono` (n,), at 16 kHz and at least 40 ms long, sounds like: seven attributes in [0, 1].

        They are named and meant as in Spotify's audio features, which VibeNet was trained to imitate.
        """
        (outputs,) = self._loaded().run(None, {"x": log_mel(mono)[np.newaxis]})
        return {
            name: _logistic(value) if name in _LIKELIHOODS else min(1.0, max(0.0, value))
            for name, value in zip(ATTRIBUTES, outputs[0].tolist(), strict=True)
        }

    def _loaded(self) -> Any:
        with self._loading:
            if self._session is None:
                self._session = _load()
        return self._session


def _load() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a call: two candidates are measured side by side, and sums are always in the same order.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # plans memory for one length of clip; without it 35 MB less is held
    model = resources.files("vibenet") / "artifacts" / "efficientnet_model.onnx"
    return onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])


def _logistic(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-logit)))
