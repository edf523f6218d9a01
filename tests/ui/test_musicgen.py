"""The whole window with a real MusicGen of few random weights: listened to, kept, played again and saved."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.audio.output import Output
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.library.export import export_sound, tags_of
from musicmed_desktop.ui.makers import LazyMakers, choice_in
from musicmed_desktop.ui.places import Places
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, SessionController
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.transfers import Transfers
from musicmed_desktop.ui.window import Window
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.outputs import CapturingOutput
from tests.fakes.places import single_thread

RATE, SPEED = 44_100, 100.0  # of a device with two channels
CHECK_IN = CheckIn(before=mood("sad").affect, wished=mood("calm").affect, minutes=1.0)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "tiny")


class StereoSound:
    """Keeps what a device with two channels is given."""

    speed = SPEED

    def __init__(self) -> None:
        self.outputs: list[CapturingOutput] = []

    def open(self) -> Output:
        self.outputs.append(CapturingOutput(RATE, 2, SPEED))
        return self.outputs[-1]

    def devices(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def sound() -> StereoSound:
    return StereoSound()


@pytest.fixture
def services(tmp_path: Path, qtbot: QtBot, tiny: Path, sound: StereoSound) -> Iterator[Services]:
    """With the program's own makers."""
    preferences, tasks = Preferences(tmp_path / "settings.json"), Tasks()
    preferences.change(engine="musicgen", model=tiny)
    makers = LazyMakers(lambda: choice_in(preferences.settings))
    yield Services(preferences, Library(tmp_path / "library"), tasks, sound, makers, Transfers())
    makers.close()
    tasks.close()


@pytest.fixture
def places(window: Window) -> Places:
    return window.places


def assert_in_the_middle(output: CapturingOutput, seconds: float) -> None:
    """One channel of music came out of both loudspeakers, all of it."""
    music = output.music
    assert np.array_equal(music[:, 0], music[:, 1])
    assert np.abs(music).max() > 0.01
    assert len(music) / RATE == pytest.approx(seconds, rel=0.05)


def test_a_minute_in_the_window(
    qtbot: QtBot,
    services: Services,
    places: Places,
    controller: SessionController,
    sound: StereoSound,
    tmp_path: Path,
) -> None:
    listening = places.listening.display
    listening.details.toggle.setChecked(True)
    places.start(CHECK_IN)
    assert "Your music is being prepared." in listening.why.text
    qtbot.waitUntil(lambda: "MusicGen makes the music on" in listening.details.text, timeout=20_000)
    with qtbot.waitSignal(controller.ended, timeout=60_000):
        pass
    assert places.here == "check_out"
    assert_in_the_middle(sound.outputs[0], 60)
    (entry,) = services.library.entries()
    assert entry.engine == "musicgen"
    assert not entry.shortened
    with services.library.sound(entry.id) as music:
        info = soundfile.info(music)
    assert (info.samplerate, info.channels, info.duration) == (32_000, 1, pytest.approx(60, abs=0.1))
    play_again(qtbot, places, sound, entry)
    with services.library.sound(entry.id) as music:
        export_sound(music, tmp_path / "copy.ogg", "ogg", tags_of(entry, services.library.record(entry.id)))
    copy = soundfile.info(tmp_path / "copy.ogg")
    assert (copy.samplerate, copy.channels, copy.duration) == (32_000, 1, pytest.approx(60, abs=0.1))


def play_again(qtbot: QtBot, places: Places, sound: StereoSound, entry: Entry) -> None:
    places.open_replay(entry)
    qtbot.waitUntil(lambda: places.replay.player is not None)
    player = places.replay.player
    assert player is not None
    qtbot.waitUntil(lambda: player.state == "ended", timeout=10_000)
    assert_in_the_middle(sound.outputs[-1], 60)


def test_another_engine_in_the_settings_makes_the_next_session(
    qtbot: QtBot, services: Services, controller: SessionController
) -> None:
    controller.begin(CHECK_IN)
    qtbot.waitUntil(lambda: controller.position_s > 5, timeout=30_000)
    services.preferences.change(engine="builtin")
    assert controller.about.startswith("MusicGen makes the music on")
    player = controller.player
    assert player is not None
    controller.stop()
    qtbot.waitUntil(lambda: player.state == "stopped", timeout=1_000)
    qtbot.waitUntil(lambda: not controller.running)
    controller.begin(CHECK_IN)
    qtbot.waitUntil(lambda: controller.position_s > 5, timeout=30_000)
    assert controller.about == "The built-in composer makes the music."
    stop(qtbot, controller)
    assert {entry.engine for entry in services.library.entries()} <= {"musicgen", "builtin"}


def test_a_model_that_has_gone_is_told_when_the_session_should_begin(
    qtbot: QtBot, services: Services, places: Places, controller: SessionController, tmp_path: Path
) -> None:
    services.preferences.change(model=tmp_path / "pulled-out-stick")
    with qtbot.waitSignal(controller.ended, timeout=30_000):
        places.start(CHECK_IN)
    assert places.here == "check_out"
    assert "pulled-out-stick" in places.check_out.nothing.words.text()
    services.preferences.change(engine="auto")
    controller.begin(CHECK_IN)
    qtbot.waitUntil(lambda: controller.position_s > 1, timeout=30_000)
    assert controller.about.startswith("The built-in composer makes the music. MusicGen cannot be used: ")
    stop(qtbot, controller)


def stop(qtbot: QtBot, controller: SessionController) -> None:
    with qtbot.waitSignal(controller.ended, timeout=10_000):
        controller.stop()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["builtin", "musicgen", "audiocraft"])
def test_three_minutes_with_every_engine(
    qtbot: QtBot,
    services: Services,
    places: Places,
    controller: SessionController,
    sound: StereoSound,
    tmp_path: Path,
    engine: str,
) -> None:
    services.preferences.change(engine=engine)
    if engine == "audiocraft":
        if find_spec("audiocraft") is None:
            pytest.skip("AudioCraft is not installed")
        from tests.fakes.audiocraft import save_audiocraft

        services.preferences.change(model=save_audiocraft(tmp_path / "crafted"))
    with qtbot.waitSignal(controller.ended, timeout=500_000):
        places.start(CheckIn(CHECK_IN.before, CHECK_IN.wished, 3.0))
    if engine == "builtin":
        assert len(sound.outputs[0].music) / RATE == pytest.approx(180, rel=0.05)
    else:
        assert_in_the_middle(sound.outputs[0], 180)
    (entry,) = services.library.entries()
    assert (entry.engine, entry.shortened) == (engine, False)
    assert entry.seconds == pytest.approx(180, abs=0.1)
