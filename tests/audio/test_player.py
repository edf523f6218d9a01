"""Sessions played on outputs that keep what they got, fifty times as fast as music."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from musicmed_desktop.audio.fader import FadeOut
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.player import SILENT_DB, Player, PlayerState
from musicmed_desktop.errors import UserError
from tests.fakes.outputs import CapturingOutput, wait_until

RATE = 8000
Start = Callable[..., tuple[Player, CapturingOutput]]


def noise(seconds: float, seed: int = 1, rate: int = RATE) -> Frames:
    """No frame of it is silent."""
    samples = np.random.default_rng(seed).uniform(0.1, 0.9, (round(seconds * rate), 2))
    return samples.astype(np.float32)


def give(player: Player, frames: Frames, start_s: float = 0.0, piece: int = 3000) -> None:
    for at in range(0, len(frames), piece):
        player.play(frames[at : at + piece], start_s + at / RATE)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a player on an output of the given kind; closes it in the end."""
    players = []

    def start_player(
        session_rate: int = RATE, session_channels: int = 2, **output: Any
    ) -> tuple[Player, CapturingOutput]:
        capturing = CapturingOutput(**output)
        player = Player(lambda: capturing, session_rate, session_channels)
        players.append(player)
        player.start()
        return player, capturing

    yield start_player
    for player in players:
        player.close()


def wait_for(player: Player, state: PlayerState, seconds: float = 5.0) -> None:
    wait_until(lambda: player.state == state, seconds)


def test_every_sample_in_order(start: Start) -> None:
    player, output = start()
    frames = noise(60.0)
    give(player, frames)
    assert player.given_s == 60.0
    player.finish()
    wait_for(player, "ended")
    np.testing.assert_array_equal(output.music, frames)
    assert player.position_s == pytest.approx(60.0, abs=0.001)
    assert (player.underruns, player.committed_s) == (0, 60.0)


def test_music_that_comes_while_it_plays(start: Start) -> None:
    player, output = start(speed=1.0)
    frames = noise(3.0)
    give(player, frames[:RATE], 0.0)
    assert player.state == "waiting"
    give(player, frames[RATE : 2 * RATE], 1.0)
    wait_for(player, "playing")
    wait_until(lambda: player.position_s > 0.1)
    assert 0.0 < player.committed_s - player.position_s < 0.7
    give(player, frames[2 * RATE :], 2.0)
    player.finish()
    wait_for(player, "ended")
    np.testing.assert_array_equal(output.music, frames)
    assert player.underruns == 0


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_another_rate_keeps_the_time(start: Start, rate: int) -> None:
    player, output = start(32_000, 2, sample_rate=rate)
    t = np.arange(20 * 32_000) / 32_000
    tone = np.repeat(np.sin(2 * np.pi * 200 * t)[:, None], 2, axis=1).astype(np.float32)
    for at in range(0, len(tone), 5000):
        player.play(tone[at : at + 5000], at / 32_000)
    player.finish()
    wait_for(player, "ended")
    samples = output.samples
    begin = int(np.flatnonzero(samples.any(axis=1))[0])
    heard = samples[begin : begin + 20 * rate, 0]
    expected = np.sin(2 * np.pi * 200 * np.arange(20 * rate) / rate)
    np.testing.assert_allclose(heard[rate:-rate], expected[rate:-rate], atol=2e-3)


@pytest.mark.parametrize(("session", "device"), [(1, 2), (2, 1)])
def test_mono_on_either_side(start: Start, session: int, device: int) -> None:
    player, output = start(RATE, session, channels=device)
    frames = noise(4.0)[:, :session]
    give(player, frames)
    player.finish()
    wait_for(player, "ended")
    expected = np.repeat(frames, 2, axis=1) if session == 1 else frames.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(output.music, expected, rtol=1e-6)


def test_a_session_that_is_planned_anew(start: Start) -> None:
    player, output = start(speed=5.0)
    old, new = noise(12.0), noise(3.0, seed=2)
    give(player, old)
    wait_until(lambda: player.position_s > 1.0)
    splice = round((player.committed_s + 1.0) * RATE)
    give(player, new, splice / RATE)
    player.finish()
    assert player.given_s == splice / RATE + 3.0
    wait_for(player, "ended")
    np.testing.assert_array_equal(output.music, np.concatenate([old[:splice], new]))


def test_what_can_no_longer_be_changed_is_skipped_in_what_replaces_it(start: Start) -> None:
    player, output = start(speed=5.0)
    old, new = noise(6.0), noise(6.0, seed=2)
    give(player, old)
    wait_until(lambda: player.position_s > 0.2)
    player.play(new, 0.0)
    player.finish()
    wait_for(player, "ended")
    seam = int(np.argmax((output.music != old).any(axis=1)))
    assert seam > 0.2 * RATE
    np.testing.assert_array_equal(output.music, np.concatenate([old[:seam], new[seam:]]))


def test_pause_and_resume_lose_nothing(start: Start) -> None:
    player, output = start(speed=4.0)
    frames = noise(3.0)
    give(player, frames)
    player.finish()
    wait_until(lambda: player.position_s > 0.5)
    player.pause()
    assert player.state == "paused"
    wait_until(lambda: not output.blocks[-1].any())
    assert player.level() == SILENT_DB
    time.sleep(0.1)
    here, asked = player.position_s, len(output.blocks)
    wait_until(lambda: len(output.blocks) > asked + 5)
    assert player.position_s == pytest.approx(here, abs=1e-6)
    player.resume()
    wait_for(player, "ended")
    music = output.music
    assert len(music) == len(frames) - 1  # a fade's last frame is silent
    begin = int(np.argmax((music != frames[:-1]).any(axis=1)))
    np.testing.assert_array_equal(music[begin + round(2 * 0.06 * RATE) :], frames[begin + round(2 * 0.06 * RATE) + 1 :])


def test_stop_fades_as_it_tells(start: Start) -> None:
    player, output = start(speed=1.0)
    frames = noise(10.0)
    give(player, frames)
    wait_until(lambda: player.position_s > 0.2)
    before = player.position_s
    fade = player.stop()
    assert before + 0.8 <= fade.end <= player.position_s + 0.85
    assert player.stop() == fade
    assert player.state == "playing"
    wait_for(player, "stopped")
    begin, end = round(fade.begin * RATE), round(fade.end * RATE)
    expected = frames[:end].copy()
    expected[begin:] *= np.linspace(1.0, 0.0, end - begin + 1, dtype=np.float32)[1:, None]
    assert len(output.music) in (end - 1, end)  # a fade's last frame is silent, to a rounding
    np.testing.assert_allclose(output.music, expected[: len(output.music)], atol=2e-5)
    assert player.position_s == pytest.approx(fade.end, abs=0.001)


def test_stop_while_nothing_sounds(start: Start) -> None:
    player, _ = start()
    give(player, noise(1.0))
    assert player.stop() == FadeOut(0.0, 0.0)
    wait_for(player, "stopped")


def test_stopped_in_a_pause_it_ends_with_what_was_heard(start: Start) -> None:
    player, output = start(speed=4.0)
    give(player, noise(9.0))
    wait_until(lambda: player.position_s > 1.0)
    player.pause()
    wait_until(lambda: not output.blocks[-1].any())
    here = player.position_s
    assert tuple(player.stop()) == pytest.approx((here - 0.8, here))
    wait_for(player, "stopped")
    assert player.position_s == pytest.approx(here)


def test_a_maker_that_is_too_slow_counts_once(start: Start) -> None:
    player, output = start(speed=2.5)
    frames = noise(8.0)
    give(player, frames[: 3 * RATE], 0.0)
    wait_for(player, "playing")
    wait_for(player, "waiting")
    assert player.underruns == 1
    give(player, frames[3 * RATE : 4 * RATE], 3.0)
    asked = len(output.blocks)
    wait_until(lambda: len(output.blocks) > asked + 10)
    assert player.state == "waiting"
    give(player, frames[4 * RATE :], 4.0)
    player.finish()
    wait_for(player, "playing")
    wait_for(player, "ended")
    assert player.underruns == 1
    assert len(output.music) == len(frames) - 1  # a fade's last frame is silent


def test_volume_moves_without_a_jump(start: Start) -> None:
    player, output = start(speed=2.0)
    give(player, np.ones((4 * RATE, 2), np.float32))
    player.finish()
    wait_until(lambda: player.position_s > 0.2)
    for volume in (0.5, 0.1, 0.9, 0.0, 2.0):
        player.volume = volume
        wait_until(partial(lambda asked: len(output.blocks) > asked + 2, len(output.blocks)))
    assert player.volume == 1.0
    wait_for(player, "ended")
    samples = output.samples[:, 0]
    sounding = samples[np.flatnonzero(samples)[0] : np.flatnonzero(samples)[-1]]
    assert np.abs(np.diff(sounding)).max() < 1.1 / (0.02 * RATE)
    assert {0.0, 1.0} <= set(np.unique(sounding))


def test_the_level_of_what_is_heard(start: Start) -> None:
    player, _ = start(speed=1.0)
    assert player.level() == SILENT_DB
    give(player, np.full((5 * RATE, 2), 0.5, np.float32))
    wait_until(lambda: player.position_s > 0.2)
    assert player.level() == pytest.approx(-6.02, abs=0.1)
    player.volume = 0.1
    wait_until(lambda: player.level() == pytest.approx(-26.02, abs=0.1))


def test_the_envelope_of_what_was_given(start: Start) -> None:
    player, _ = start()
    give(player, np.full((RATE, 2), 0.25, np.float32))
    np.testing.assert_allclose(player.envelope(0.0, 2.0, 4), [0.25, 0.25, 0.0, 0.0])


def test_a_jump_in_either_direction(start: Start) -> None:
    player, output = start(speed=5.0)
    frames = noise(60.0)
    give(player, frames[: 10 * RATE])
    wait_until(lambda: player.position_s > 1.0)
    player.jump(40.0)
    assert player.position_s == 40.0
    give(player, frames[40 * RATE : 50 * RATE], 40.0)
    wait_until(lambda: player.position_s > 41.0)
    player.jump(20.0)
    assert player.position_s == 20.0
    give(player, frames[20 * RATE : 23 * RATE], 20.0)
    player.finish()
    wait_for(player, "ended")
    np.testing.assert_array_equal(output.music[-2 * RATE :], frames[21 * RATE : 23 * RATE])
    assert player.underruns == 0


def test_a_jump_after_the_end_plays_again(start: Start) -> None:
    player, output = start()
    frames = noise(5.0)
    give(player, frames)
    player.finish()
    wait_for(player, "ended")
    player.jump(0.0)
    assert player.state == "waiting"
    give(player, frames)
    player.finish()
    wait_for(player, "ended")
    np.testing.assert_array_equal(output.music, np.concatenate([frames, frames]))


def test_positions_never_go_back(start: Start) -> None:
    player, _ = start(speed=3.0)
    give(player, noise(3.0))
    player.finish()
    places, moments = [], []
    while player.state != "ended":
        places.append(player.position_s)
        moments.append(time.perf_counter())
        time.sleep(0.002)
    assert places == sorted(places)
    assert (np.diff(places) - 3.0 * np.diff(moments)).max() < 0.3  # this thread may have slept longer


def test_a_lost_device_pauses_and_goes_on_elsewhere() -> None:
    outputs = [CapturingOutput(speed=4.0), CapturingOutput(speed=4.0)]
    coming = iter([outputs[0], None, outputs[1]])

    def open_output() -> CapturingOutput:
        output = next(coming)
        if output is None:
            raise UserError("Nothing is there yet.")
        return output

    player = Player(open_output, RATE, 2)
    frames = noise(6.0)
    give(player, frames)
    player.finish()
    player.start()
    wait_until(lambda: player.position_s > 1.0)
    outputs[0].dies()
    wait_for(player, "lost")
    wait_until(lambda: outputs[0].closed)
    assert player.problem is not None
    assert "headphones" in player.problem.hint
    here = player.position_s
    wait_for(player, "playing")
    assert player.problem is None
    assert player.position_s >= here
    wait_for(player, "ended")
    player.close()
    before, after = outputs[0].music, outputs[1].music
    np.testing.assert_array_equal(before, frames[: len(before)])
    assert len(frames) <= len(before) + len(after) < len(frames) + 0.3 * RATE
    fade = round(0.06 * RATE)
    np.testing.assert_array_equal(after[fade:], frames[len(frames) - len(after) + fade :])


def test_a_paused_session_is_still_paused_on_the_next_device() -> None:
    outputs = [CapturingOutput(), CapturingOutput()]
    coming, plugged_in = iter(outputs), threading.Event()
    plugged_in.set()

    def open_output() -> CapturingOutput:
        plugged_in.wait()
        return next(coming)

    player = Player(open_output, RATE, 2)
    give(player, noise(60.0))
    player.start()
    plugged_in.clear()
    wait_until(lambda: player.position_s > 0.5)
    player.pause()
    wait_until(lambda: not outputs[0].blocks[-1].any())
    here = player.position_s
    outputs[0].dies()
    wait_for(player, "lost")
    plugged_in.set()
    wait_for(player, "paused")
    assert player.position_s == pytest.approx(here, abs=0.001)
    assert len(outputs[1].music) == 0
    player.close()


def test_another_output_takes_over_when_it_has_started(start: Start) -> None:
    player, first = start(speed=4.0)
    second = CapturingOutput(16_000, speed=4.0)
    frames = noise(5.0)
    give(player, frames)
    player.finish()
    wait_until(lambda: player.position_s > 1.0)
    player.change_output(lambda: second)
    wait_until(lambda: first.closed)
    left = len(first.music)
    assert abs(player.position_s - left / RATE) < 0.5
    wait_for(player, "ended")
    assert len(second.music) == pytest.approx(2 * (len(frames) - left), abs=20)
    assert player.underruns == 0


def test_an_output_that_cannot_take_over_leaves_the_first_one(start: Start) -> None:
    player, first = start(speed=5.0)
    frames = noise(5.0)
    give(player, frames)
    player.finish()
    wait_until(lambda: player.position_s > 0.2)

    def refuse() -> CapturingOutput:
        raise UserError("The device is in use.")

    player.change_output(refuse)
    wait_until(lambda: player.problem is not None)
    wait_for(player, "ended")
    np.testing.assert_array_equal(first.music, frames)


def test_a_bug_ends_the_playing_and_surfaces(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    surfaced: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda failed: surfaced.append(failed.exc_type))
    player, output = start(speed=1.0)
    give(player, noise(9.0))
    wait_for(player, "playing")
    monkeypatch.setattr(CapturingOutput, "alive", property(lambda _: 1 / 0))
    wait_for(player, "stopped")
    wait_until(lambda: surfaced == [ZeroDivisionError])
    assert output.closed


def test_no_device_at_the_start_and_one_later() -> None:
    capturing = CapturingOutput()
    coming: Iterator[CapturingOutput | None] = iter([None, capturing])

    def open_output() -> CapturingOutput:
        output = next(coming)
        if output is None:
            raise UserError("No sound device was found.", "Plug one in.")
        return output

    player = Player(open_output, RATE, 2)
    frames = noise(5.0)
    give(player, frames)
    player.finish()
    with pytest.raises(UserError, match="No sound device"):
        player.start()
    assert player.state == "waiting"
    player.start()
    wait_for(player, "ended")
    np.testing.assert_array_equal(capturing.music, frames)
    player.close()


def test_what_was_played_is_freed(start: Start) -> None:
    player, _ = start(speed=10.0)
    piece = noise(1.0)
    gone = weakref.ref(piece)
    player.play(piece, 0.0)
    del piece
    player.play(np.full((60 * RATE, 2), 0.5, np.float32), 1.0)
    wait_until(lambda: gone() is None)
    assert player.state == "playing"


def test_closing_twice_and_without_a_start() -> None:
    player = Player(CapturingOutput, RATE, 2)
    player.close()
    assert player.state == "stopped"
    player.close()
