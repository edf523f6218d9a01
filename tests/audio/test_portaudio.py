"""Played for real: PortAudio, ALSA, a PulseAudio server with a null sink, and a recorder behind it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.player import Player, PlayerState
from musicmed_desktop.audio.portaudio import CLOSE_S, STALL_S, open_portaudio
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.errors import UserError
from musicmed_desktop.recognition import create_recognizer
from musicmed_desktop.session.events import ChunkReady
from musicmed_desktop.session.runner import SessionRunner
from tests.audio.pulse import RATE, PulseServer, recorded
from tests.fakes.outputs import wait_until
from tests.fakes.recordings import MemoryRecording, walk

FADE = round(0.06 * RATE)


def wait_for(player: Player, state: PlayerState, seconds: float) -> None:
    wait_until(lambda: player.state == state, seconds)


def test_a_minute_of_a_session_arrives_sample_by_sample(pulse: PulseServer, tmp_path: Path) -> None:
    """It is composed while it plays. No gap, no repeat, no dropped block: every sample is the one that was made."""
    recording = MemoryRecording(sound=(RATE, 2))
    runner = SessionRunner(walk(minutes=1.0), BuiltinEngine(), create_recognizer(), recording)
    player = Player(partial(open_portaudio, None), RATE, 2)
    with pulse.recording(tmp_path / "monitor.raw"):
        player.start()
        for event in runner.run():
            if isinstance(event, ChunkReady):
                player.play(event.frames, event.start_s)
        player.finish()
        wait_for(player, "ended", 70.0)
        time.sleep(0.3)
    player.close()
    heard, made = recorded(tmp_path / "monitor.raw"), recording.samples
    sounding = np.flatnonzero(made.any(axis=1))
    assert len(made) == 60 * RATE
    np.testing.assert_array_equal(heard, made[sounding[0] : sounding[-1] + 1])
    assert player.underruns == 0


def test_a_stop_sounds_as_the_player_tells_it(pulse: PulseServer, tmp_path: Path, noise: Callable[..., Frames]) -> None:
    made = noise(6.0).copy()
    player = Player(partial(open_portaudio, None), RATE, 2)
    player.play(made, 0.0)
    with pulse.recording(tmp_path / "monitor.raw"):
        player.start()
        wait_until(lambda: player.position_s > 1.5)
        fade = player.stop()
        wait_for(player, "stopped", 5.0)
        time.sleep(0.3)
    player.close()
    begin, end = round(fade.begin * RATE), round(fade.end * RATE)
    assert 0.3 * RATE < end - begin < 0.8 * RATE  # shorter by the latency
    made[begin:end] *= np.linspace(1.0, 0.0, end - begin + 1, dtype=np.float32)[1:, None]
    heard = recorded(tmp_path / "monitor.raw")
    assert len(heard) in (end - 1, end)  # a fade's last frame is silent, to a rounding
    np.testing.assert_allclose(heard, made[: len(heard)], atol=2e-5)


def test_a_server_that_is_killed_and_comes_back(
    pulse: PulseServer, tmp_path: Path, noise: Callable[..., Frames]
) -> None:
    made = noise(6.0)
    player = Player(partial(open_portaudio, None), RATE, 2)
    player.play(made, 0.0)
    player.finish()
    with pulse.recording(tmp_path / "before.raw"):
        player.start()
        wait_until(lambda: player.position_s > 1.5)
        pulse.kill()
        wait_for(player, "lost", STALL_S - 0.5)  # sooner than for want of calls
    assert player.problem is not None
    assert "headphones or loudspeakers" in player.problem.hint
    here = player.position_s
    time.sleep(1.2)
    assert (player.state, player.position_s) == ("lost", here)
    pulse.start()
    with pulse.recording(tmp_path / "after.raw"):
        wait_for(player, "playing", 10.0)
        assert player.problem is None
        wait_for(player, "ended", 20.0)
        time.sleep(0.3)
    player.close()
    before, after = recorded(tmp_path / "before.raw"), recorded(tmp_path / "after.raw")
    np.testing.assert_array_equal(before, made[: len(before)])
    np.testing.assert_array_equal(after[FADE:], made[len(made) - len(after) + FADE :])
    repeated = len(before) + len(after) - len(made)
    assert 0 <= repeated < 0.6 * RATE
    assert here == pytest.approx(len(before) / RATE, abs=0.4)


def test_a_server_that_hangs_keeps_nobody_waiting(pulse: PulseServer, noise: Callable[..., Frames]) -> None:
    player = Player(partial(open_portaudio, None), RATE, 2)
    player.play(noise(8.0), 0.0)
    player.start()
    wait_until(lambda: player.position_s > 0.3)
    pulse.signal(signal.SIGSTOP)
    wait_for(player, "lost", STALL_S + CLOSE_S + 5.0)
    pulse.signal(signal.SIGCONT)
    wait_for(player, "playing", 15.0)
    pulse.signal(signal.SIGSTOP)
    begin = time.monotonic()
    player.close()
    assert time.monotonic() - begin < CLOSE_S + 4.0
    pulse.signal(signal.SIGCONT)


def test_no_device(pulse: PulseServer) -> None:
    with pytest.raises(UserError, match="“Headset” is not there"):
        open_portaudio("Headset")
    pulse.kill()
    player = Player(partial(open_portaudio, None), RATE, 2)
    with pytest.raises(UserError, match="No sound device was found") as caught:
        player.start()
    assert "libasound2-plugins" in caught.value.hint
    pulse.start()
    player.start()
    assert player.state == "waiting"
    player.close()


@pytest.mark.usefixtures("pulse")
def test_a_device_by_its_name_with_its_latency() -> None:
    output = open_portaudio("default")
    output.start(lambda block: block.fill(0.0))
    wait_until(lambda: 0.1 < output.latency_s < 0.4)
    assert output.alive
    assert (output.name, output.sample_rate, output.channels) == ("default", RATE, 2)
    output.close()
    assert not output.alive
    assert output.xruns == 0


@pytest.mark.usefixtures("pulse")
def test_a_bug_in_what_fills_the_blocks_is_not_hushed_up() -> None:
    output = open_portaudio(None)
    output.start(lambda block: block.resize(7))
    with pytest.raises(ValueError, match="resize"):
        wait_until(lambda: not output.alive)
    output.close()
