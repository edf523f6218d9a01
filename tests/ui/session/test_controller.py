"""A session in a real thread, played by a silent clock that runs fast."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.audio.files import read_audio
from musicmed_desktop.engines.base import Cancelled, CancelledError, Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.ui.resuming import check_in_of
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended, Making, SessionController
from musicmed_desktop.ui.sound import SilentSound
from tests.fakes.engines import RATE, ToneEngine
from tests.fakes.killing import small_disk
from tests.fakes.outputs import CapturingOutput
from tests.fakes.sessions import interrupt_session
from tests.ui.conftest import ToneMakers

ANXIOUS, CALM = mood("anxious").affect, mood("calm").affect
CHECK_IN = CheckIn(before=ANXIOUS, wished=CALM, minutes=2.0)


class CapturingSound:
    """Keeps the outputs that it opened; none while `problem` stands."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.outputs: list[CapturingOutput] = []
        self.problem: UserError | None = None

    def open(self) -> CapturingOutput:
        if self.problem:
            raise self.problem
        self.outputs.append(CapturingOutput(RATE, speed=self.speed))
        return self.outputs[-1]

    def devices(self) -> tuple[str, ...]:
        return ()


def to_end(qtbot: QtBot, controller: SessionController) -> Ended:
    with qtbot.waitSignal(controller.ended, timeout=30_000) as ended:
        pass
    assert ended.args is not None
    outcome = ended.args[0]
    assert isinstance(outcome, Ended)
    return outcome


def heard(qtbot: QtBot, controller: SessionController, seconds: float) -> None:
    qtbot.waitUntil(lambda: controller.position_s > seconds, timeout=15_000)


def test_a_session_is_heard_and_kept(qtbot: QtBot, services: Services, controller: SessionController) -> None:
    controller.begin(CHECK_IN)
    assert controller.running
    outcome = to_end(qtbot, controller)
    assert outcome.error is None
    assert not outcome.shortened
    assert not controller.running
    assert controller.player is None
    (entry,) = services.library.entries()
    assert entry == outcome.entry
    assert (entry.start_word, entry.target_word, entry.seconds) == ("anxious", "calm", pytest.approx(120, abs=0.1))
    assert entry.underruns == 0


def test_it_tells_how_far_it_is(qtbot: QtBot, controller: SessionController) -> None:
    told: list[int] = []
    controller.walk_changed.connect(lambda: told.append(controller.making.step))
    controller.begin(CHECK_IN)
    assert controller.making == Making(1, 4)
    to_end(qtbot, controller)
    assert told == [1, 2, 3, 4]
    assert controller.making == Making(4, 4, complete=True)
    assert all(step.measured is not None for step in controller.walk.steps)


def test_a_pause_holds_the_music(qtbot: QtBot, controller: SessionController) -> None:
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 5)
    controller.pause()
    qtbot.wait(400)
    position = controller.position_s
    qtbot.wait(150)
    assert controller.position_s == position
    controller.resume()
    heard(qtbot, controller, position + 1)


def test_stopped_early_it_keeps_what_was_heard(qtbot: QtBot, services: Services) -> None:
    """Slow enough for the fade to be heard."""
    controller = SessionController(replace(services, sound=SilentSound(speed=4.0)))
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 11)
    controller.stop()
    outcome = to_end(qtbot, controller)
    assert outcome.shortened
    assert outcome.entry is not None
    assert 11 < outcome.entry.seconds < 20
    with services.library.sound(outcome.entry.id) as sound:
        samples, rate = read_audio(sound)
    assert len(samples) / rate == pytest.approx(outcome.entry.seconds, abs=0.01)
    assert np.abs(samples[-10:]).max() < 0.01  # it has faded out


def test_feeling_worse_leads_to_calm_and_is_written_down(qtbot: QtBot, controller: SessionController) -> None:
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 20)
    controller.worse()
    qtbot.waitUntil(lambda: len(controller.walk.paths) == 2)
    assert set(controller.walk.paths[1]) == {CALM}
    outcome = to_end(qtbot, controller)
    assert outcome.entry is not None
    assert outcome.record is not None
    assert len(outcome.entry.worse_at_s) == 1
    assert outcome.record.changes[0].reason == "worse"
    assert outcome.record.steps[-1].target.affect == CALM


def test_how_it_is_now_changes_the_rest(qtbot: QtBot, controller: SessionController) -> None:
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 20)
    controller.pause()
    felt = mood("sad").affect
    controller.moved(felt)  # which goes on
    qtbot.waitUntil(lambda: len(controller.walk.paths) == 2)
    assert controller.walk.paths[1][0] == felt
    assert controller.walk.paths[1][-1] == CALM
    controller.stop()
    outcome = to_end(qtbot, controller)
    assert outcome.record is not None
    assert outcome.record.changes[0].felt.affect == felt


def test_while_it_runs_it_is_not_interrupted(qtbot: QtBot, services: Services, controller: SessionController) -> None:
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 35)
    assert Library(services.library.folder).interrupted() == ()
    controller.shut_down()
    assert Library(services.library.folder).interrupted() == ()
    assert len(services.library.entries()) == 1


def test_a_session_goes_on_to_its_planned_end(qtbot: QtBot, services: Services, controller: SessionController) -> None:
    found = interrupt_session(services.library, clips=2, minutes=3.0)
    controller.go_on(check_in_of(found), found)
    assert controller.walk.seconds == 120.0  # the rest
    outcome = to_end(qtbot, controller)
    assert outcome.entry is not None
    assert outcome.record is not None
    assert (outcome.entry.id, outcome.shortened, outcome.waits) == (found.id, False, False)
    assert outcome.entry.seconds == pytest.approx(181, abs=0.2)  # with the seam
    assert outcome.record.steps[:2] == found.draft.steps  # the whole session, from its beginning
    assert outcome.record.changes[0].reason == "resumed"
    assert services.library.entries() == (outcome.entry,)
    assert services.library.interrupted() == ()


def test_stopped_before_anything_new_it_stays_interrupted(
    qtbot: QtBot, services: Services, controller: SessionController
) -> None:
    found = interrupt_session(services.library)
    controller.go_on(check_in_of(found), found)
    controller.stop()
    outcome = to_end(qtbot, controller)
    assert (outcome.entry, outcome.waits) == (None, True)
    assert services.library.interrupted() == (found,)


def test_the_engine_fails(qtbot: QtBot, services: Services, controller: SessionController) -> None:
    assert isinstance(services.makers, ToneMakers)
    services.makers.played = ToneEngine(fails={2: UserError("The model is gone.", "Get it again.")})
    controller.begin(CHECK_IN)
    outcome = to_end(qtbot, controller)
    assert outcome.error is not None
    assert outcome.error.title == "The model is gone."
    assert outcome.entry is not None  # of what was heard


def test_a_bug_ends_the_session_and_surfaces(
    qtbot: QtBot, services: Services, controller: SessionController, monkeypatch: pytest.MonkeyPatch
) -> None:
    surfaced: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: surfaced.append(kind))
    assert isinstance(services.makers, ToneMakers)
    services.makers.played = ToneEngine(fails={7: ZeroDivisionError()})
    controller.begin(replace(CHECK_IN, minutes=5.0))
    outcome = to_end(qtbot, controller)
    assert surfaced == [ZeroDivisionError]
    assert outcome.error is not None
    assert not controller.running
    assert outcome.record is not None
    assert outcome.entry is not None
    assert len(outcome.record.steps) >= 2
    assert (outcome.record.shortened, outcome.waits) == (True, False)
    assert services.library.entries() == (outcome.entry,)
    with services.library.sound(outcome.entry.id) as sound:
        assert len(read_audio(sound)[0]) / RATE == pytest.approx(outcome.record.audio.duration_s, abs=0.001)


def test_on_a_full_disk_what_was_stored_is_kept_later(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=8M") as disk:
        library = Library(disk / "library")
        controller = SessionController(replace(services, library=library))
        controller.begin(CHECK_IN)
        qtbot.waitUntil(lambda: any(map(library.collection.index.clips, library.collection.index.recording())))
        with suppress(OSError):
            (disk / "other things").write_bytes(bytes(1 << 23))
        outcome = to_end(qtbot, controller)
        assert outcome.error is not None
        assert outcome.error.title == "The disk is full."
        assert (outcome.entry, outcome.waits) == (None, True)
        (disk / "other things").unlink()
        (found,) = Library(disk / "library").interrupted()
        assert found.heard_s > 25
        assert library.keep(found).shortened


def test_the_volume_is_the_settings_own(qtbot: QtBot, services: Services, controller: SessionController) -> None:
    services.preferences.change(volume=0.5, volume_limit=0.8)
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 1)
    assert controller.player is not None
    assert controller.player.volume == pytest.approx(0.25)
    services.preferences.change(volume=1.0)
    assert controller.player.volume == pytest.approx(0.64)


def test_shutting_down_in_the_middle_keeps_what_was_heard(
    qtbot: QtBot, services: Services, controller: SessionController
) -> None:
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 35)
    controller.shut_down()
    (entry,) = services.library.entries()
    assert entry.shortened


def test_stopping_before_the_first_sound_keeps_nothing(
    qtbot: QtBot, services: Services, controller: SessionController
) -> None:
    controller.begin(CHECK_IN)
    controller.stop()
    outcome = to_end(qtbot, controller)
    assert outcome.entry is None
    assert services.library.entries() == ()


def test_another_device_in_the_settings_takes_over(qtbot: QtBot, services: Services) -> None:
    sound = CapturingSound(speed=40.0)
    controller = SessionController(replace(services, sound=sound))
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 15)
    services.preferences.change(volume=0.3)
    assert len(sound.outputs) == 1
    services.preferences.change(sound_device="Headset")
    qtbot.waitUntil(lambda: len(sound.outputs) == 2 and sound.outputs[0].closed)
    here = controller.position_s
    outcome = to_end(qtbot, controller)
    assert here < 110
    assert len(sound.outputs[1].music) > (120 - here - 5) * RATE
    assert outcome.entry is not None
    assert outcome.entry.sound_device == "Headset"
    assert outcome.entry.underruns == 0


def test_without_a_sound_device_it_does_not_begin_and_may_begin_again(qtbot: QtBot, services: Services) -> None:
    sound = CapturingSound(speed=60.0)
    sound.problem = UserError("The sound device is not there.", "Plug it in.")
    controller = SessionController(replace(services, sound=sound))
    controller.begin(CHECK_IN)
    outcome = to_end(qtbot, controller)
    assert outcome.unheard
    assert outcome.error is sound.problem
    assert services.library.interrupted() == ()
    sound.problem = None
    controller.begin_again()
    outcome = to_end(qtbot, controller)
    assert not outcome.unheard
    assert outcome.entry is not None


class SlowMakers(ToneMakers):
    """Their engine is being opened until the session is given up."""

    @contextmanager
    def engine(self, cancelled: Cancelled) -> Iterator[Engine]:
        while not cancelled():
            time.sleep(0.005)
        raise CancelledError
        yield self.played


@pytest.mark.parametrize("leave", [SessionController.stop, SessionController.shut_down])
def test_who_leaves_while_the_engine_is_being_opened_does_not_wait_for_it(
    qtbot: QtBot, services: Services, leave: Callable[[SessionController], None]
) -> None:
    controller = SessionController(replace(services, makers=SlowMakers()))
    with qtbot.waitSignal(controller.ended, timeout=5_000) as ended:
        controller.begin(CHECK_IN)
        controller.worse()  # which does not end the waiting
        qtbot.wait(50)
        assert controller.about == ""
        assert controller.running
        leave(controller)
    assert ended.args == [Ended(CHECK_IN, None, None, shortened=True)]
    assert services.library.entries() == ()
    assert services.library.interrupted() == ()


def test_a_stop_that_is_quicker_than_the_news_of_the_player(qtbot: QtBot, services: Services) -> None:
    sound = CapturingSound(speed=1.0)
    controller = SessionController(replace(services, sound=sound))
    controller.begin(CHECK_IN)
    while not (sound.outputs and len(sound.outputs[0].music) > RATE / 2):
        time.sleep(0.01)  # without the window's events
    assert controller.player is None
    controller.stop()
    to_end(qtbot, controller)
    assert len(sound.outputs[0].music) < 10 * RATE  # of some 40 s that were given


def test_shutting_down_fades_out(qtbot: QtBot, services: Services) -> None:
    sound = CapturingSound(speed=1.0)
    controller = SessionController(replace(services, sound=sound))
    services.preferences.change(volume=1.0, volume_limit=1.0)
    controller.begin(CHECK_IN)
    heard(qtbot, controller, 1)
    controller.shut_down()
    music = np.abs(sound.outputs[0].music).max(axis=1)
    assert music[-RATE:].max() > 0.05
    assert music[-RATE // 100 :].max() < 0.01
