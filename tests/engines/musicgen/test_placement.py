from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from musicmed_desktop.engines.musicgen import placement, probe
from musicmed_desktop.engines.musicgen.int8.builder import GraphBuilder
from musicmed_desktop.engines.musicgen.placement import (
    Placement,
    available_memory,
    dtype_for,
    fits,
    is_out_of_memory,
    placements,
)

INT8 = ("cpu", "int8")
REFERENCE = ("cpu", "float32")


def places(found: tuple[Placement, ...]) -> list[tuple[str, str]]:
    return [(place.device, place.dtype) for place in found]


def test_without_a_graphics_processor_8_bit_weights_come_first() -> None:
    found = placements(graphics=())
    assert places(found) == [INT8, REFERENCE]
    assert found[0].reason == (
        "MusicGen makes the music on the processor with 8-bit weights: no graphics processor was found."
    )


def test_a_device_that_works_comes_before_the_processor() -> None:
    found = placements(graphics=["cpu"])  # with float16, as if it were a graphics processor
    assert places(found) == [("cpu", "float16"), INT8, REFERENCE]
    assert found[0].reason == "MusicGen makes the music on the processor."


@pytest.mark.parametrize("device", ["meta", "nowhere"])
def test_a_device_that_fails_is_refused_and_the_listener_told_why(device: str) -> None:
    found = placements(graphics=[device])
    assert places(found) == [INT8, REFERENCE]
    for place in found:
        assert f'the device "{device}" cannot be used, because it fails (' in place.reason
        assert place.reason.endswith(").")


def test_what_this_computer_has_ends_with_the_reference() -> None:
    assert places(placements())[-1] == REFERENCE


def test_where_8_bit_weights_fail_32_bit_numbers_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_loading(*_: object) -> torch.Tensor:
        raise ImportError("DLL load failed")

    monkeypatch.setattr(probe, "_int8_product", not_loading)
    (only,) = placements(graphics=())
    assert (only.device, only.dtype) == REFERENCE
    assert only.reason.endswith("8-bit weights cannot be used, because it fails (DLL load failed).")


@pytest.mark.parametrize(("capability", "dtype"), [((7, 5), "float16"), ((8, 0), "bfloat16"), ((9, 0), "bfloat16")])
def test_cuda_computes_with_bfloat16_where_it_has_it(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], dtype: str
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    assert dtype_for("cuda") == dtype


def test_apple_computes_with_float16() -> None:
    assert dtype_for("mps") == "float16"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_is_larger_than_the_memory_does_not_fit() -> None:
    place = placements(graphics=())[0]
    assert fits(place, 1)
    assert not fits(place, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") + 1)


def test_what_cannot_be_asked_may_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(placement, "_MEMINFO", tmp_path / "meminfo")
    assert fits(Placement("cpu", "int8", ""), 10**18)


def test_available_memory_is_read_in_bytes(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       24576000 kB\nMemFree:          100 kB\nMemAvailable:   2000 kB\n")
    assert available_memory(meminfo) == 2_048_000


def test_real_failures_to_allocate_are_known() -> None:
    with pytest.raises(RuntimeError) as of_torch:
        torch.empty(10**15)
    with pytest.raises(MemoryError) as of_numpy:
        np.empty(10**17)
    assert is_out_of_memory(of_torch.value)
    assert is_out_of_memory(of_numpy.value)


def test_a_real_failure_of_onnx_runtime_to_allocate_is_known() -> None:
    graph = GraphBuilder()
    graph.op("Expand", [graph.input("x", [1]), graph.input("shape", [1], np.int64)], "y")
    graph.output("y", ["n"])
    session = graph.session(threads=1)
    session.set_providers(["CPUExecutionProvider"])
    with pytest.raises(Exception, match="allocate") as of_onnxruntime:
        session.run(None, {"x": np.ones(1, np.float32), "shape": np.array([10**15])})
    assert is_out_of_memory(of_onnxruntime.value)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("MPS backend out of memory (MPS allocated: 17.94 GB, other allocations: 2.00 GB)."),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried to allocate"),
    ],
)
def test_what_other_machines_say_when_memory_runs_out_is_known(error: BaseException) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error", [ValueError("out of memory"), RuntimeError("mat1 and mat2 shapes cannot be multiplied"), OSError("gone")]
)
def test_other_errors_are_not_taken_for_it(error: BaseException) -> None:
    assert not is_out_of_memory(error)
