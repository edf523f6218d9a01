from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from musicmed_desktop.engines.musicgen.checkpoint.safetensors_files import safetensors_in
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored, StoredTensors, without_weight_norm
from musicmed_desktop.engines.musicgen.checkpoint.torch_files import torch_header, torch_tensors
from musicmed_desktop.errors import UserError

MEGABYTE = 2**20
Written = Mapping[str, torch.Tensor]


def as_safetensors(folder: Path, tensors: Written) -> dict[str, Stored]:
    save_file(dict(tensors), folder / "model.safetensors")
    return safetensors_in(folder)


def as_torch(folder: Path, tensors: Written) -> dict[str, Stored]:
    torch.save({"best_state": dict(tensors)}, folder / "state.bin")
    return torch_tensors(folder / "state.bin", torch_header(folder / "state.bin"), "best_state")


both = pytest.mark.parametrize("written", [as_safetensors, as_torch])
Writer = Callable[[Path, Written], dict[str, Stored]]


def resident() -> int:
    """Memory that this process has now, in bytes, mapped files included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@both
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory with /proc")
def test_reading_all_holds_one_tensor_at_a_time_and_no_file(tmp_path: Path, written: Writer) -> None:
    stored = written(tmp_path, {f"t{i}": torch.full((2 * MEGABYTE,), float(i)) for i in range(16)})  # 128 MB
    tensors = StoredTensors(stored)
    tensors["t0"].sum()
    before, most = resident(), 0
    for name in tensors:
        assert tensors[name].mean() == float(name[1:])
        most = max(most, resident())
    assert most - before < 40 * MEGABYTE  # the system's allocator keeps up to 32 MB of what was given back
    assert str(tmp_path) not in Path("/proc/self/maps").read_text()


@both
def test_a_tensor_is_what_was_written_in_its_type(tmp_path: Path, written: Writer) -> None:
    types = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
    expected = {str(dtype): torch.randn(3, 5).to(dtype) for dtype in types}
    read = StoredTensors(written(tmp_path, expected))
    assert read.keys() == expected.keys()
    for name, tensor in expected.items():
        assert read[name].dtype is tensor.dtype
        assert torch.equal(read[name], tensor)


@both
def test_rows_are_a_part_of_a_matrix(tmp_path: Path, written: Writer) -> None:
    matrix = torch.randn(6, 4)
    part = written(tmp_path, {"matrix": matrix})["matrix"].rows(2, 5)
    assert part.shape == (3, 4)
    assert torch.equal(StoredTensors({"part": part})["part"], matrix[2:5])


def test_views_and_turned_tensors_of_torch_are_read_as_they_are(tmp_path: Path) -> None:
    base = torch.arange(24.0).reshape(4, 6)
    views = {"base": base, "turned": base.T, "part": base[1:3, ::2], "parameter": torch.nn.Parameter(base * 2)}
    read = StoredTensors(as_torch(tmp_path, views))
    for name, view in views.items():
        assert torch.equal(read[name], view), name
        assert read[name].is_contiguous()


def test_a_file_of_torch_that_grew_shorter_is_named(tmp_path: Path) -> None:
    read = StoredTensors(as_torch(tmp_path, {"a": torch.zeros(1000)}))
    os.truncate(tmp_path / "state.bin", 500)
    with pytest.raises(UserError, match=r"state\.bin is damaged") as refused:
        _ = read["a"]
    assert "changed" in refused.value.detail


def read_or_complaint(file: Path) -> Mapping[str, torch.Tensor] | str:
    try:
        return dict(StoredTensors(torch_tensors(file, torch_header(file), "best_state")))
    except UserError as error:
        return error.title


def test_wherever_a_byte_of_a_file_of_torch_flips_it_is_read_or_named(tmp_path: Path) -> None:
    as_torch(tmp_path, {"a": torch.zeros(4, 8), "b": torch.ones(3)})
    file = tmp_path / "state.bin"
    content = file.read_bytes()
    refused = 0
    for place in range(0, len(content), 5):
        damaged = bytearray(content)
        damaged[place] ^= 0x55
        file.write_bytes(damaged)
        found = read_or_complaint(file)
        refused += isinstance(found, str)
        assert "state.bin" in found if isinstance(found, str) else len(found) <= 2
    assert 20 < refused < len(content) // 5


@pytest.mark.parametrize("older", [True, False])
@pytest.mark.parametrize("shape", [(6, 4, 3), (5, 1, 7)])
def test_weight_norm_is_folded_as_torch_does(tmp_path: Path, older: bool, shape: tuple[int, ...]) -> None:
    g, v = torch.rand(shape[0], 1, 1) + 0.5, torch.randn(shape)
    names = ("c.weight_g", "c.weight_v") if older else tuple(f"c.parametrizations.weight.original{i}" for i in (0, 1))
    plain = without_weight_norm(as_safetensors(tmp_path, {names[0]: g, names[1]: v, "other": torch.ones(1)}))
    assert plain.keys() == {"c.weight", "other"}
    torch.testing.assert_close(StoredTensors(plain)["c.weight"], torch._weight_norm(v, g, 0), rtol=1e-6, atol=1e-7)


def test_asking_for_a_name_reads_nothing(tmp_path: Path) -> None:
    read = StoredTensors(as_safetensors(tmp_path, {"a": torch.zeros(3)}))
    (tmp_path / "model.safetensors").unlink()
    assert "a" in read
    assert "b" not in read
    with pytest.raises(KeyError):
        _ = read["b"]
