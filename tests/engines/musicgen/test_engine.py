"""The engine's contract, over a tiny model in a folder as published ones are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
from musicmed_desktop.engines.musicgen.generation import CHUNK_FRAMES
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.window import Window
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.step import Prompt, Step
from tests.fakes.adapters import save_adapter

RATE = 32_000
HOP = 640
HERE = Placement("cpu", "float32", "MusicGen makes the music on the processor.")
CLIP = ClipContext(seed=7, seconds=3.0, overlap_s=1.0, final=False, leaving=Affect(0.0, 0.0))


def a_step(text: str = "calm piano") -> Step:
    return Step(0, 0.0, 30.0, Affect(0.0, 0.0), 0.0, "match", "calm", Prompt(text, (), "", (), ""))


CALM, BRIGHT = a_step(), a_step("bright happy drums")


def never() -> bool:
    return False


def chunks(
    engine: MusicGenEngine, context: ClipContext, step: Step = CALM, cancelled: Cancelled = never
) -> tuple[list[Frames], Handover]:
    stream, made = engine.stream(step, context, cancelled), []
    while True:
        try:
            made.append(next(stream))
        except StopIteration as end:
            return made, end.value


def clip(engine: MusicGenEngine, context: ClipContext, step: Step = CALM) -> tuple[Frames, Handover]:
    made, handover = chunks(engine, context, step)
    return np.concatenate(made), handover


@pytest.fixture(scope="module")
def engine(tiny_folder: Path) -> Iterator[MusicGenEngine]:
    """Tests leave it as it was."""
    made = MusicGenEngine(tiny_folder, places=[HERE], window=Window(4.0, 2.0))
    yield made
    made.unload()


@pytest.fixture(scope="module")
def first(engine: MusicGenEngine) -> tuple[Frames, Handover]:
    """A clip from nothing."""
    return clip(engine, CLIP)


def loudness(samples: Frames) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def test_tells_what_it_is(engine: MusicGenEngine, tiny_folder: Path) -> None:
    assert (engine.name, engine.sample_rate, engine.channels) == ("musicgen", RATE, 1)
    assert engine.version == f"1.0 ({tiny_folder.name}, float32)"
    assert engine.about == HERE.reason


def test_a_clip_sounds_to_its_exit_and_over_the_overlap(first: tuple[Frames, Handover]) -> None:
    samples, handover = first
    assert samples.shape == (4 * RATE, 1)
    assert samples.dtype == np.float32
    assert handover.exit_s == 3.0
    assert loudness(samples) > 0.01


@pytest.mark.parametrize(("seconds", "overlap_s"), [(1.0, 0.0), (2.013, 0.505), (1.14, 1.0)])
def test_exits_lie_on_whole_frames(engine: MusicGenEngine, seconds: float, overlap_s: float) -> None:
    samples, handover = clip(engine, replace(CLIP, seconds=seconds, overlap_s=overlap_s))
    assert handover.exit_s * 50 == pytest.approx(round(handover.exit_s * 50), abs=1e-9)
    assert abs(handover.exit_s - seconds) <= 0.01
    assert 0.0 <= len(samples) / RATE - handover.exit_s - overlap_s < 0.02


@pytest.mark.parametrize("seconds", [0.4, 1.0, 1.2345, 2.0])
@pytest.mark.parametrize("follows", [False, True])
def test_the_last_clip_is_as_long_as_it_should_be(
    engine: MusicGenEngine, first: tuple[Frames, Handover], seconds: float, follows: bool
) -> None:
    previous = first[1] if follows else None
    samples, handover = clip(engine, replace(CLIP, seconds=seconds, final=True, previous=previous))
    assert len(samples) == round(seconds * RATE)
    assert handover.exit_s == seconds


def test_a_clip_begins_with_the_tail_of_the_one_before(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    samples, handover = first
    following, _ = clip(engine, replace(CLIP, seed=8, previous=handover))
    tail = samples[3 * RATE :]
    # The last 75 ms of a clip were decoded without what would have come next.
    known = len(tail) - 4 * HOP
    # The codec heard the same before, here from the beginning on; what is left is the rounding of other blocks.
    np.testing.assert_allclose(following[:known], tail[:known], rtol=0.0, atol=1e-4)
    assert loudness(tail[:known]) > 0.01
    assert loudness(following[RATE : 2 * RATE] - samples[:RATE]) > 0.01


def test_a_clip_shorter_than_the_tail_before_it_plays_that(
    engine: MusicGenEngine, first: tuple[Frames, Handover]
) -> None:
    samples, handover = first
    short, after = clip(engine, replace(CLIP, seconds=0.4, overlap_s=0.2, previous=handover))
    assert len(short) == round(0.6 * RATE)
    np.testing.assert_allclose(short[: -4 * HOP], samples[3 * RATE :][: len(short) - 4 * HOP], rtol=0.0, atol=1e-4)
    # And the next one begins where this one ends, not where the tail would have.
    following, _ = clip(engine, replace(CLIP, previous=after, overlap_s=0.2))
    tail = samples[3 * RATE :][round(0.4 * RATE) : round(0.6 * RATE) - 4 * HOP]
    np.testing.assert_allclose(following[: len(tail)], tail, rtol=0.0, atol=1e-4)


def test_chunks_together_are_the_whole_clip_decoded(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    samples, handover = first
    memory: Any = handover.memory
    whole = engine._codec.decode(memory.codes)
    np.testing.assert_allclose(samples, whole.clip(-1.0, 1.0), rtol=0.0, atol=1e-4)


def test_samples_stay_within_full_scale(
    engine: MusicGenEngine, first: tuple[Frames, Handover], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = engine._codec.stream

    class Loud:
        def __init__(self, *before: Any) -> None:
            self._stream = stream(*before)

        def feed(self, codes: torch.Tensor) -> Frames:
            return 8 * self._stream.feed(codes)

        def finish(self) -> Frames:
            return 8 * self._stream.finish()

    monkeypatch.setattr(engine._codec, "stream", Loud)
    samples, _ = clip(engine, CLIP)
    assert np.abs(samples).max() == 1.0
    np.testing.assert_array_equal(samples, (8 * first[0]).clip(-1.0, 1.0))


def test_the_first_chunk_comes_after_two_seconds_of_music(
    engine: MusicGenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    decoder: Any = engine._writer._ready()
    advance = decoder.advance

    def counting(columns: torch.Tensor) -> Any:
        read.append(columns.shape[1])
        return advance(columns)

    monkeypatch.setattr(decoder, "advance", counting)
    stream = engine.stream(CALM, replace(CLIP, seconds=10.0), never)
    chunk = next(stream)
    assert sum(read) <= CHUNK_FRAMES + 4
    assert 1.8 * RATE < len(chunk) <= 2.0 * RATE
    stream.close()


def test_every_chunk_holds_sound(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    for seconds in (0.1, 2.02, 3.0):
        for final in (False, True):
            made, _ = chunks(engine, replace(CLIP, seconds=seconds, final=final, previous=first[1]))
            assert all(len(chunk) for chunk in made)


def test_the_same_seed_gives_the_same_audio(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    again, _ = clip(engine, CLIP)
    np.testing.assert_array_equal(again, first[0])
    other, _ = clip(engine, replace(CLIP, seed=8))
    assert loudness(other - again) > 0.01


def test_the_prompt_matters(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    other, _ = clip(engine, CLIP, BRIGHT)
    assert loudness(other - first[0]) > 0.01


def test_two_takes_at_once_do_not_disturb_each_other(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    contexts = [replace(CLIP, seed=seed, previous=first[1]) for seed in (21, 22)]
    alone = [clip(engine, context)[0] for context in contexts]
    together: dict[int, Frames] = {}

    def take(n: int) -> None:
        together[n] = clip(engine, contexts[n])[0]

    threads = [threading.Thread(target=take, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    for n in range(2):
        np.testing.assert_array_equal(together[n], alone[n])


def cancel_when(asked: int) -> Callable[[], bool]:
    looks = iter(range(1_000_000))
    return lambda: next(looks) >= asked


@pytest.mark.parametrize("asked", [1, 50, 130])
def test_cancelling_ends_the_clip(engine: MusicGenEngine, first: tuple[Frames, Handover], asked: int) -> None:
    with pytest.raises(CancelledError):
        chunks(engine, CLIP, cancelled=cancel_when(asked))
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])  # nothing is left of it


def test_cancelled_between_two_chunks_no_other_one_comes(engine: MusicGenEngine) -> None:
    gone = threading.Event()
    stream = engine.stream(CALM, CLIP, gone.is_set)
    next(stream)
    gone.set()
    with pytest.raises(CancelledError):
        next(stream)


def test_cancelled_before_the_last_chunk_it_does_not_come(
    engine: MusicGenEngine, first: tuple[Frames, Handover]
) -> None:
    """All of this clip's tokens are known, so that nothing is written any more."""
    gone = threading.Event()
    stream = engine.stream(CALM, replace(CLIP, seconds=0.5, final=True, previous=first[1]), gone.is_set)
    next(stream)
    gone.set()
    with pytest.raises(CancelledError):
        next(stream)


def test_a_clip_that_was_given_up_makes_room_for_a_new_one_in_the_same_thread(
    engine: MusicGenEngine, first: tuple[Frames, Handover]
) -> None:
    gone = threading.Event()
    old = engine.stream(BRIGHT, replace(CLIP, seconds=8.0), gone.is_set)
    next(old)
    gone.set()  # its leg retired; nobody asks it for more, and it is closed only later
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])
    old.close()
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])


def test_an_error_gives_the_turn_back(
    engine: MusicGenEngine, first: tuple[Frames, Handover], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise UserError("The file has gone.", "Copy it again.")

    with monkeypatch.context() as patched:
        patched.setattr(engine._text, "encode", fail)
        with pytest.raises(UserError, match="gone"):
            clip(engine, CLIP)
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])


def test_another_engines_handover_begins_anew(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    samples, _ = clip(engine, replace(CLIP, previous=Handover(30.0, memory=object())))
    np.testing.assert_array_equal(samples, first[0])


def test_a_change_of_prompt_is_blended_only_where_there_is_one(
    engine: MusicGenEngine, first: tuple[Frames, Handover], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts: list[int] = []
    decoder: Any = engine._writer._ready()
    begin = decoder.begin

    def counting(states: list[torch.Tensor]) -> None:
        prompts.append(len(states))
        begin(states)

    monkeypatch.setattr(decoder, "begin", counting)
    follows = replace(CLIP, previous=first[1])
    clip(engine, follows, CALM)
    assert prompts == [1, 1]  # of two windows
    _, after = clip(engine, follows, BRIGHT)
    assert prompts[2:] == [2, 1]
    clip(engine, replace(follows, previous=after), BRIGHT)
    assert prompts[4:] == [1, 1]


def test_unloaded_it_can_be_used_again(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    engine.unload()
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])


def test_its_pace_is_measured(engine: MusicGenEngine, first: tuple[Frames, Handover]) -> None:
    assert abs(engine.pace()) < 10.0
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])  # the turn is given back


def test_adapters_are_used_changed_and_removed(
    engine: MusicGenEngine, first: tuple[Frames, Handover], tmp_path: Path
) -> None:
    adapter = save_adapter(tmp_path / "warm")
    engine.adapt(adapter)
    whole, _ = clip(engine, CLIP)
    assert "with warm at 1" in engine.version
    engine.adapt(adapter, 0.5)
    half, _ = clip(engine, CLIP)
    with pytest.raises(UserError):
        engine.adapt(tmp_path / "nowhere")
    np.testing.assert_array_equal(clip(engine, CLIP)[0], half)  # it is as it was
    assert "with warm at 0.5" in engine.version
    engine.adapt(adapter, 0.0)
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])
    engine.adapt(None)
    np.testing.assert_array_equal(clip(engine, CLIP)[0], first[0])
    assert "with" not in engine.version
    differences = [loudness(one - other) for one, other in ((whole, first[0]), (half, first[0]), (whole, half))]
    assert min(differences) > 0.01


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=str(tmp_path)):
        MusicGenEngine(tmp_path, places=[HERE])


def test_a_model_that_vanished_is_a_clear_end(tiny_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    for file in tiny_folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    engine = MusicGenEngine(copy, places=[HERE], window=Window(4.0, 2.0))
    samples, _ = clip(engine, CLIP)
    for file in copy.iterdir():
        file.unlink()
    np.testing.assert_array_equal(clip(engine, CLIP)[0], samples)  # what is loaded plays on
    engine.unload()
    with pytest.raises(UserError, match=r"model\.safetensors"):
        clip(engine, CLIP)
