"""AudioCraft behind the Engine protocol, with random weights."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.audiocraft import AudioCraftEngine, writing
from musicmed_desktop.engines.audiocraft.engine import CHUNK_S
from musicmed_desktop.engines.base import CancelledError, ClipContext, Engine, Frames, Handover
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.step import Prompt, Step

RATE = 32_000
HOP = 640


def step(text: str = "calm piano") -> Step:
    return Step(0, 0.0, 30.0, Affect(0.2, -0.4), 0.0, "match", "calm", Prompt(text, (), "ambient", (), "slow"))


def context(
    seed: int = 7,
    seconds: float = 1.0,
    overlap_s: float = 0.25,
    final: bool = False,
    previous: Handover | None = None,
) -> ClipContext:
    return ClipContext(seed, seconds, overlap_s, final, Affect(0.0, 0.0), previous)


def chunks_of(
    engine: Engine, clip: ClipContext, text: str = "calm piano", cancelled: Callable[[], bool] = lambda: False
) -> tuple[list[Frames], Handover]:
    chunks, stream = [], engine.stream(step(text), clip, cancelled)
    while True:
        try:
            chunks.append(next(stream))
        except StopIteration as stop:
            return chunks, stop.value


def play(engine: Engine, clip: ClipContext, text: str = "calm piano") -> tuple[Frames, Handover]:
    chunks, handover = chunks_of(engine, clip, text)
    return np.concatenate(chunks), handover


def cancelled_at(call: int) -> tuple[Callable[[], bool], Callable[[], int]]:
    """Becomes true when it is asked for the `call`-th time; the second tells how often it was asked."""
    calls = count(1)
    asked = [0]

    def cancelled() -> bool:
        asked[0] = next(calls)
        return asked[0] >= call

    return cancelled, lambda: asked[0]


def test_it_says_what_it_is(engine: AudioCraftEngine) -> None:
    assert (engine.name, engine.version) == ("audiocraft", "1.3.0 (tiny)")
    assert (engine.sample_rate, engine.channels) == (RATE, 1)
    assert "the processor" in engine.about


def test_a_clip_is_what_audiocraft_itself_generates(engine: AudioCraftEngine) -> None:
    model = engine._model
    seconds = 1.0
    clip, _ = play(engine, context(seed=3, seconds=seconds, final=True))
    model.set_custom_progress_callback(None)
    model.set_generation_params(top_k=250, cfg_coef=3.0, duration=seconds, extend_stride=1.0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        expected = model.generate(["calm piano"])[0].T.numpy()
    np.testing.assert_allclose(clip, expected.clip(-1.0, 1.0), atol=1e-6)


@pytest.mark.parametrize("seconds", [0.713, 3.4, 5.03])  # within the model's window of 3 s, and beyond it
def test_a_clip_is_as_long_as_it_should_be(engine: AudioCraftEngine, seconds: float) -> None:
    chunks, handover = chunks_of(engine, context(seconds=seconds))
    assert abs(handover.exit_s - seconds) <= 0.01
    assert handover.exit_s * 50 == pytest.approx(round(handover.exit_s * 50))
    clip = np.concatenate(chunks)
    assert clip.shape == (round((handover.exit_s + 0.25) * RATE), 1)
    assert clip.dtype == np.float32
    assert clip.std() > 0.05
    assert np.abs(clip).max() <= 1.0
    assert {len(chunk) for chunk in chunks[:-1]} <= {round(CHUNK_S * RATE)}


@pytest.mark.parametrize("seconds", [0.1, 1.017])
def test_the_final_clip_is_exactly_as_long_as_wanted(engine: AudioCraftEngine, seconds: float) -> None:
    _, before = play(engine, context())
    clip, handover = play(engine, context(seconds=seconds, final=True, previous=before))
    assert clip.shape == (round(seconds * RATE), 1)
    assert handover.exit_s == seconds


def test_clips_overlap_with_equal_sounds_and_go_on_differently(engine: AudioCraftEngine) -> None:
    first, before = play(engine, context(seed=1, seconds=1.5))
    tail = first[round(before.exit_s * RATE) :]
    assert len(tail) == round(0.25 * RATE)
    for second, text in ((2, "calm piano"), (3, "happy drums")):
        clip, _ = play(engine, context(seed=second, previous=before), text)
        np.testing.assert_allclose(clip[: len(tail)], tail, atol=1e-4)
        alone, _ = play(engine, context(seed=second), text)
        assert np.abs(clip[len(tail) : len(alone)] - alone[len(tail) :]).max() > 0.05


def test_a_long_session_goes_on_from_clip_to_clip(engine: AudioCraftEngine) -> None:
    before, tail = None, np.zeros((0, 1), np.float32)
    for seed in range(3):
        clip, handover = play(engine, context(seed=seed, seconds=2.5, previous=before))
        np.testing.assert_allclose(clip[: len(tail)], tail, atol=1e-4)
        before, tail = handover, clip[round(handover.exit_s * RATE) :]
        assert handover.memory.codes.shape[1] == 50  # type: ignore[attr-defined]  # a third of the window


def test_the_same_seed_gives_the_same_audio_and_nobody_elses_chance_is_touched(engine: AudioCraftEngine) -> None:
    torch.manual_seed(11)
    state = torch.get_rng_state()
    first, _ = play(engine, context(seed=5))
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(12)
    second, _ = play(engine, context(seed=5))
    other, _ = play(engine, context(seed=6))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 0.05


def test_the_prompt_is_heard(engine: AudioCraftEngine) -> None:
    calm, _ = play(engine, context(seed=5), "calm piano")
    happy, _ = play(engine, context(seed=5), "happy drums")
    assert np.abs(calm - happy).max() > 0.05


def test_cancelling_takes_effect_within_a_step_and_leaves_nothing_behind(engine: AudioCraftEngine) -> None:
    expected, _ = play(engine, context())
    cancelled, asked = cancelled_at(5)
    with pytest.raises(CancelledError):
        chunks_of(engine, context(), cancelled=cancelled)
    assert asked() == 5  # once for each step, and never again
    again, _ = play(engine, context())
    np.testing.assert_array_equal(again, expected)


def test_cancelling_between_chunks(engine: AudioCraftEngine) -> None:
    asked_for: list[bool] = [False]
    stream = engine.stream(step(), context(seconds=2.5), lambda: asked_for[0])
    assert len(next(stream)) == round(CHUNK_S * RATE)
    asked_for[0] = True
    with pytest.raises(CancelledError):
        next(stream)


def test_two_threads_take_turns(engine: AudioCraftEngine) -> None:
    expected = [play(engine, context(seed=seed))[0] for seed in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        together = [*pool.map(lambda seed: play(engine, context(seed=seed))[0], (1, 2))]
    for clip, alone in zip(together, expected, strict=True):
        np.testing.assert_array_equal(clip, alone)


def test_who_waits_for_a_turn_can_be_cancelled(engine: AudioCraftEngine) -> None:
    cancelled, asked = cancelled_at(2)
    with writing._WRITING, pytest.raises(CancelledError):
        chunks_of(engine, context(), cancelled=cancelled)
    assert asked() == 2


def test_too_little_memory_is_told(engine: AudioCraftEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(engine._model.lm, "generate", full)
    with pytest.raises(UserError, match="not enough memory for tiny"):
        play(engine, context())


def test_unloading_gives_the_memory_back_and_it_is_loaded_again_when_needed(folder: Path) -> None:
    engine = AudioCraftEngine(folder, device="cpu")
    before, _ = play(engine, context(seconds=0.2))
    models = [weakref.ref(engine._model.lm), weakref.ref(engine._model.compression_model)]
    engine.unload()
    assert [model() for model in models] == [None, None]
    np.testing.assert_array_equal(play(engine, context(seconds=0.2))[0], before)


def test_a_folder_that_vanishes_does_not_matter_once_it_is_loaded(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "tiny"
    folder.rename(moved)
    try:
        loaded = AudioCraftEngine(moved)
    finally:
        moved.rename(folder)
    assert len(play(loaded, context(seconds=0.2))[0]) == round(0.45 * RATE)
