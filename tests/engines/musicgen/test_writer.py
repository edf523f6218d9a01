"""Music of any length, window by window, and what happens where memory runs out."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest
import torch
from torch import Tensor

from musicmed_desktop.engines.base import CancelledError
from musicmed_desktop.engines.musicgen import writer as module
from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import DecoderShape
from musicmed_desktop.engines.musicgen.window import Window
from musicmed_desktop.engines.musicgen.writer import Writer
from musicmed_desktop.errors import UserError
from tests.fakes.musicgen import as_checkpoint, tiny_transformers

HERE = Placement("cpu", "float32", "MusicGen makes the music on the processor.")
ELSEWHERE = Placement("cuda", "float16", "MusicGen makes the music on the graphics processor.")
NOTHING = torch.zeros(4, 0, dtype=torch.int64)
GREEDY = Sampling(top_k=1)
NO_MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


class Limited(TorchDecoder):
    """A decoder on the processor that raises `error` at its advance number `fails_at`. It notes how many prompts it got
    for each window, and how many columns at each advance."""

    def __init__(self, shape: DecoderShape, tensors: Tensors, fails_at: int | None, error: Exception) -> None:
        super().__init__(shape, tensors)
        self._fails_at = fails_at
        self._error = error
        self.prompts: list[int] = []
        self.read: list[int] = []

    def begin(self, prompts: Sequence[Tensor]) -> None:
        self.prompts.append(len(prompts))
        super().begin(prompts)

    def advance(self, columns: Tensor) -> Tensor:
        if len(self.read) == self._fails_at:
            raise self._error
        self.read.append(columns.shape[1])
        return super().advance(columns)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Limited]]:
    """Lets "cuda" be a place on this processor, with too little memory for its advance number `fails_at`."""

    def limit(fails_at: int | None, error: Exception = NO_MEMORY) -> list[Limited]:
        made: list[Limited] = []

        def open_decoder(shape: DecoderShape, tensors: Tensors, place: Placement) -> Limited:
            if place.device == "cuda" and fails_at == -1:
                raise error
            made.append(Limited(shape, tensors, fails_at if place.device == "cuda" else None, error))
            return made[-1]

        monkeypatch.setattr(module, "open_decoder", open_decoder)
        return made

    return limit


def a_writer(tiny: Any, *places: Placement, window: Window | None = None, sampling: Sampling = GREEDY) -> Writer:
    writer = Writer(places or (HERE,), window or Window(), sampling)
    writer.load(tiny.checkpoint.decoder, tiny.checkpoint.tensors)
    return writer


def written(
    writer: Writer, prompts: list[Tensor], frames: int, codes: Tensor = NOTHING, seed: int = 0, blend: int = 0
) -> Tensor:
    return torch.cat([codes[:, :0], *writer.write(prompts, codes, frames, seed, blend, lambda: False)], dim=1)


@pytest.fixture
def prompt(tiny: Any) -> Tensor:
    states: Tensor = tiny.states(5, 6, 7, 1)
    return states


@pytest.mark.parametrize(("seconds", "stride"), [(31.0, 18.0), (30.0, 0.0), (10.0, 11.0), (0.0, 0.0), (5.0, -1.0)])
def test_windows_have_their_bounds(seconds: float, stride: float) -> None:
    with pytest.raises(ValueError, match="stride"):
        Window(seconds, stride)


def test_audiocrafts_window_keeps_twelve_seconds() -> None:
    assert (Window().frames, Window().kept) == (1500, 600)


@pytest.mark.parametrize(("device", "frames"), [("cuda", 1500), ("mps", 1500), ("cpu", 1000)])
def test_a_processor_sees_less_at_a_time(device: str, frames: int) -> None:
    place = Placement(device, "float16", "Somewhere.")
    assert Writer([place], None, GREEDY).window.frames == frames
    assert Writer([place], Window(10.0, 5.0), GREEDY).window.frames == 500  # where nothing else is asked for


def test_moves_on_by_the_stride(tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]]) -> None:
    decoders, window = opened(None), Window(seconds=2.0, stride=1.2)  # 100 frames, 40 of them kept
    assert written(a_writer(tiny, window=window), [prompt], 250).shape == (4, 250)
    # 100 frames from nothing, then 60 behind 40 known ones, 60 more, and 30: a column more than is known at once,
    # and then one for each frame, of which the last one's three late codebooks need two more.
    (decoder,) = decoders
    assert decoder.read == [1] * 103 + ([41] + [1] * 62) * 2 + [41] + [1] * 32


def test_each_window_goes_on_from_what_was_kept(tiny: Any, prompt: Tensor) -> None:
    window = Window(seconds=1.0, stride=0.6)
    whole = written(a_writer(tiny, window=window), [prompt], 110)
    alone = a_writer(tiny)
    assert torch.equal(whole[:, :50], written(alone, [prompt], 50))
    assert torch.equal(whole[:, 50:80], written(alone, [prompt], 30, codes=whole[:, 30:50]))
    assert torch.equal(whole[:, 80:], written(alone, [prompt], 30, codes=whole[:, 60:80]))


def test_goes_on_from_more_music_than_a_window_holds(tiny: Any, prompt: Tensor) -> None:
    before = torch.randint(0, 2048, (4, 1500), generator=torch.Generator().manual_seed(0))
    after = written(a_writer(tiny), [prompt], 30, codes=before)
    assert torch.equal(after, written(a_writer(tiny), [prompt], 30, codes=before[:, -600:]))


def test_each_window_has_chance_of_its_own(tiny: Any, prompt: Tensor) -> None:
    """The same context twice must not lead to the same music twice."""
    window, sampling = Window(seconds=1.0, stride=1.0), Sampling()  # nothing is kept
    writer = a_writer(tiny, window=window, sampling=sampling)
    first, second, third = torch.split(written(writer, [prompt], 150, seed=7), 50, dim=1)
    assert not torch.equal(first, second)
    assert not torch.equal(second, third)
    assert torch.equal(written(writer, [prompt], 150, seed=7), torch.cat([first, second, third], dim=1))


def test_only_the_first_window_has_a_leaving_prompt(
    tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]]
) -> None:
    decoders = opened(None)
    written(a_writer(tiny, window=Window(2.0, 1.2)), [prompt, 2 * prompt], 250, blend=30)
    assert decoders[0].prompts == [2, 1, 1, 1]


def test_no_frames_are_no_work(tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]]) -> None:
    decoders = opened(None)
    assert written(a_writer(tiny), [prompt], 0).shape == (4, 0)
    assert decoders[0].read == []


@pytest.mark.parametrize("fails_at", [-1, 0, 20])
def test_without_memory_it_begins_anew_at_the_next_place(
    tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]], fails_at: int
) -> None:
    opened(None)
    wanted = written(a_writer(tiny, sampling=Sampling()), [prompt, 2 * prompt], 50, seed=5, blend=20)
    opened(fails_at)
    writer = a_writer(tiny, ELSEWHERE, HERE, sampling=Sampling())
    # Nothing was heard yet, so that it is the music of the next place.
    assert torch.equal(written(writer, [prompt, 2 * prompt], 50, seed=5, blend=20), wanted)
    assert writer.place.device == "cpu"
    assert writer.place.reason == "Memory ran short, but the music goes on. MusicGen makes the music on the processor."


def test_in_the_middle_of_a_window_it_goes_on_from_what_is_written(
    tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]]
) -> None:
    opened(None)
    undisturbed = written(a_writer(tiny), [prompt], 90)
    decoders = opened(60)  # two blocks, and a few frames that are lost
    writer = a_writer(tiny, ELSEWHERE, HERE)
    assert torch.equal(written(writer, [prompt], 90), undisturbed)
    assert len(decoders) == 2
    assert decoders[1].read[0] == 51  # the 50 frames that had left
    assert writer.place.device == "cpu"


def test_the_place_that_failed_is_freed_before_the_next_is_filled(
    tiny: Any, prompt: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[weakref.ref[Limited]] = []
    gone: list[bool] = []

    def open_decoder(shape: DecoderShape, tensors: Tensors, place: Placement) -> Limited:
        gone.append(all(decoder() is None for decoder in alive))
        decoder = Limited(shape, tensors, 40 if place.device == "cuda" else None, torch.OutOfMemoryError("no memory"))
        alive.append(weakref.ref(decoder))
        return decoder

    monkeypatch.setattr(module, "open_decoder", open_decoder)
    writer = a_writer(tiny, ELSEWHERE, HERE)
    gc.disable()  # what is left to chance does not count
    try:
        assert written(writer, [prompt], 60).shape == (4, 60)
        assert gone == [True, True]
    finally:
        gc.enable()


def test_without_any_place_left_it_says_so(tiny: Any, prompt: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[Limited]] = []

    def open_decoder(shape: DecoderShape, tensors: Tensors, _: Placement) -> Limited:
        decoder = Limited(shape, tensors, 30, torch.OutOfMemoryError("Tried to allocate 2.00 GiB."))
        alive.append(weakref.ref(decoder))
        return decoder

    monkeypatch.setattr(module, "open_decoder", open_decoder)
    writer = a_writer(tiny)
    with pytest.raises(UserError, match="not enough memory for MusicGen") as raised:
        written(writer, [prompt], 60)
    assert raised.value.hint.startswith("Close other programs")
    assert "2.00 GiB" in raised.value.detail
    assert alive[0]() is None  # though the error is still at hand
    assert written(writer, [prompt], 20).shape == (4, 20)  # other programs were closed


@pytest.mark.parametrize("error", [RuntimeError("a bug"), UserError("The file has gone.", "Copy it again.")])
@pytest.mark.parametrize("fails_at", [-1, 30])
def test_other_errors_surface_as_they_are(
    tiny: Any, prompt: Tensor, opened: Callable[..., list[Limited]], fails_at: int, error: Exception
) -> None:
    opened(fails_at, error)
    with pytest.raises(type(error)) as raised:
        written(a_writer(tiny, ELSEWHERE, HERE), [prompt], 60)
    assert raised.value is error


def test_cancelling_is_no_lack_of_memory(tiny: Any, prompt: Tensor) -> None:
    first = Placement("cpu", "float32", "The first place.")
    writer = a_writer(tiny, first, HERE)
    with pytest.raises(CancelledError):
        list(writer.write([prompt], NOTHING, 60, 0, 0, lambda: True))
    assert writer.place == first


def test_closed_in_the_middle_it_can_be_used_again(tiny: Any, prompt: Tensor) -> None:
    writer = a_writer(tiny)
    music: Any = writer.write([prompt], NOTHING, 100, 0, 0, lambda: False)
    next(music)
    music.close()
    assert written(writer, [prompt], 30).shape == (4, 30)
    writer.close()
    assert written(writer, [prompt], 30).shape == (4, 30)


def test_its_pace_counts_the_reading_too(
    tiny: Any, opened: Callable[..., list[Limited]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock on which a step takes 10 ms, and reading what is known 1 ms a column."""
    decoders = opened(None)
    writer = a_writer(tiny)

    def clock() -> float:
        return sum(0.01 if count == 1 else 0.001 * count for count in decoders[0].read)

    monkeypatch.setattr(module, "perf_counter", clock)
    reading = 0.601 + 3 * 0.01  # a frame takes as many steps more as there are late codebooks
    assert writer.pace() == pytest.approx(reading / 18 + 50 * 0.01)


def test_its_pace_counts_the_quietest_try(
    tiny: Any, opened: Callable[..., list[Limited]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program takes half a minute once, in the middle of a block."""
    decoders = opened(None)
    writer = a_writer(tiny)

    def clock() -> float:
        return 0.01 * len(decoders[0].read) + (30.0 if len(decoders[0].read) > 120 else 0.0)

    monkeypatch.setattr(module, "perf_counter", clock)
    assert writer.pace() < 1.0


def test_its_pace_is_that_of_the_place_that_has_the_memory(tiny: Any, opened: Callable[..., list[Limited]]) -> None:
    opened(3)
    writer = a_writer(tiny, ELSEWHERE, HERE)
    assert writer.pace() > 0
    assert writer.place.device == "cpu"
    opened(3)
    writer = a_writer(tiny, ELSEWHERE)
    with pytest.raises(UserError, match="not enough memory"):
        writer.pace()


def test_measuring_its_pace_is_cancelled_and_works_in_every_window(tiny: Any) -> None:
    asked = iter([False] * 3)
    with pytest.raises(CancelledError):
        a_writer(tiny).pace(lambda: next(asked, True))
    assert a_writer(tiny, window=Window(30.0, 0.5)).pace() > 0


@pytest.mark.parametrize(("hidden", "dtype"), [(64, "int8"), (8, "float32")])
def test_weights_that_do_not_divide_into_8_bit_blocks_are_kept_in_32_bits(hidden: int, dtype: str) -> None:
    odd = as_checkpoint(tiny_transformers(hidden=hidden, heads=2, ffn=hidden * 3 // 2, text_hidden=16))
    with closing(Writer([Placement("cpu", "int8", "")], Window(), GREEDY)) as writer:
        writer.load(odd.decoder, odd.tensors)
        assert isinstance(writer._decoder, TorchDecoder) == (dtype == "float32")
        assert written(writer, [torch.zeros(3, 16)], 5).shape == (4, 5)
