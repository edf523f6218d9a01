from __future__ import annotations

import pytest
import torch

from musicmed_desktop.engines.musicgen import probe
from musicmed_desktop.engines.musicgen.probe import refusal

COMPUTE = probe._compute


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "int8"])
def test_the_processor_computes_rightly_with_every_type(dtype: str) -> None:
    assert refusal("cpu", dtype) == ""


def test_a_device_without_numbers_is_refused() -> None:
    assert refusal("meta", "float16") == "it fails (Cannot copy out of meta tensor; no data!)"


def test_an_unknown_device_is_refused_in_one_line() -> None:
    refused = refusal("nowhere", "float16")
    assert refused.startswith("it fails (")
    assert len(refused) < 140
    assert "\n" not in refused


@pytest.mark.skipif(torch.cuda.is_available(), reason="has CUDA")
def test_a_device_that_torch_was_not_built_for_is_refused() -> None:
    assert refusal("cuda", "bfloat16").startswith("it fails (")


@pytest.mark.parametrize(
    ("result", "refused"),
    [(1.5, "it gives wrong numbers"), (float("nan"), "it gives results that are no numbers")],
)
def test_a_device_that_computes_wrongly_is_refused(
    monkeypatch: pytest.MonkeyPatch, result: float, refused: str
) -> None:
    def faulty(device: str, dtype: torch.dtype) -> torch.Tensor:
        right = COMPUTE("cpu", dtype)
        return right if device == "cpu" else right * result

    monkeypatch.setattr(probe, "_compute", faulty)
    assert refusal("faulty", "float16") == refused
