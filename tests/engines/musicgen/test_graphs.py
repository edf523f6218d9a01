"""CUDA graphs against the same steps launched one kernel at a time. Needs a GPU: pytest -m gpu."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from musicmed_desktop.engines.musicgen.generation import generate
from musicmed_desktop.engines.musicgen.placement import Placement, is_out_of_memory
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.window import Window
from musicmed_desktop.engines.musicgen.writer import Writer
from musicmed_desktop.errors import UserError

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")]

NOTHING = torch.zeros(4, 0, dtype=torch.int64)


@pytest.fixture(autouse=True)
def exact_products() -> Iterator[None]:
    """float32 as on the processor, not TF32."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    yield
    torch.set_float32_matmul_precision(before)
    gc.collect()
    torch.cuda.empty_cache()


def on_cuda(twins: Any, dtype: torch.dtype = torch.float32, graphs: bool = True) -> TorchDecoder:
    decoder = TorchDecoder(twins.checkpoint.decoder, twins.checkpoint.tensors, "cuda", dtype)
    if not graphs:
        decoder._compute = decoder._forward
    return decoder


def written(decoder: TorchDecoder, prompts: list[Tensor], frames: int, **options: Any) -> Tensor:
    options = {"sampling": Sampling(top_k=1), "seed": 0, **options}
    return torch.cat(list(generate(decoder, prompts, NOTHING, frames, **options)), dim=1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("size", ["tiny", "wide"])
def test_graphs_compute_what_is_computed_without_them(
    size: str, dtype: torch.dtype, request: pytest.FixtureRequest
) -> None:
    twins = request.getfixturevalue(size)
    prompts = [twins.states(5, 6, 7, 1), twins.states(9, 3, 1)]
    graphed, eager = on_cuda(twins, dtype), on_cuda(twins, dtype, graphs=False)
    columns = torch.randint(0, 2048, (4, 600), generator=torch.Generator().manual_seed(1))
    for decoder in (graphed, eager):
        decoder.begin(prompts)
        decoder.advance(columns[:, :230])
    kept: list[tuple[Tensor, Tensor]] = []
    for at in range(230, 600):  # through three graphs, from three rows to two
        if at == 300:
            graphed.settle()
            eager.settle()
        kept.append((graphed.advance(columns[:, [at]]), eager.advance(columns[:, [at]])))
    for ours, wanted in kept:  # compared at the end: what was returned is not overwritten by later steps
        torch.testing.assert_close(ours, wanted, rtol=0.0, atol=1e-4 if dtype == torch.float32 else 5e-2)


@pytest.mark.parametrize("size", ["tiny", "wide"])
def test_tokens_are_those_of_the_processor(size: str, request: pytest.FixtureRequest) -> None:
    twins = request.getfixturevalue(size)
    prompts = [twins.states(5, 6, 7, 1), twins.states(9, 3, 1)]
    for options in ({}, {"blend": 60}, {"sampling": Sampling(), "seed": 3}):
        texts = prompts if "blend" in options else prompts[:1]
        ours = written(on_cuda(twins), texts, 300, **options)
        assert torch.equal(ours, written(twins.decoder(), texts, 300, **options))


def test_graphs_follow_a_new_prompt_and_larger_ones(tiny: Any) -> None:
    graphed, eager = on_cuda(tiny), on_cuda(tiny, graphs=False)
    short, long = tiny.states(5, 6, 1), tiny.states(*[7] * 100, 1)
    for prompts in ([short], [long], [short], [short, long], [long]):
        assert torch.equal(written(graphed, prompts, 40, blend=20), written(eager, prompts, 40, blend=20))


def test_graphs_may_be_launched_from_another_thread(tiny: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    decoder, prompt = on_cuda(tiny), tiny.states(5, 6, 1)
    wanted = written(decoder, [prompt], 40)
    with ThreadPoolExecutor(1) as pool:
        assert torch.equal(pool.submit(written, decoder, [prompt], 40).result(60.0), wanted)


def test_unloading_gives_the_memory_back(wide: Any) -> None:
    written(on_cuda(wide), [wide.states(5, 1)], 4)
    gc.collect()
    torch.cuda.empty_cache()
    before = torch.cuda.memory_reserved()
    writer = Writer([Placement("cuda", "float16", "Here.")], Window(), Sampling())
    writer.load(wide.checkpoint.decoder, wide.checkpoint.tensors)
    for _ in writer.write([wide.states(5, 1)], NOTHING, 300, 0, 0, lambda: False):
        pass
    assert torch.cuda.memory_reserved() > before + 2**26
    writer.close()
    assert torch.cuda.memory_reserved() <= before + 2**25  # the workspace of cuBLAS stays


def test_out_of_memory_moves_on_to_the_processor(wide: Any) -> None:
    prompt = wide.states(5, 1)
    model = wide.checkpoint.decoder, wide.checkpoint.tensors
    places = [Placement("cuda", "float32", "Here."), Placement("cpu", "float32", "There.")]
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + 2**26) / total)
    try:
        with pytest.raises(torch.OutOfMemoryError) as raised:
            torch.empty(2**28, device="cuda")
        assert is_out_of_memory(raised.value)
        writer = Writer(places, Window(), Sampling())
        writer.load(*model)
        music = torch.cat(list(writer.write([prompt], NOTHING, 10, 0, 0, lambda: False)), dim=1)
        assert (music.shape, writer.place.device) == ((4, 10), "cpu")
        alone = Writer(places[:1], Window(), Sampling())
        with pytest.raises(UserError, match="not enough memory"):
            alone.load(*model)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
