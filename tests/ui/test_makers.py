"""Engines are opened in the background, one at a time, and anew when something else is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from musicmed_desktop import engines, paths
from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.base import CancelledError, Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.makers import LATER, LazyMakers, choice_in
from tests.fakes.engines import ToneEngine


class Workshop:
    """Opens tones for every choice, and keeps order: never two engines at a time. `door` may be shut."""

    def __init__(self) -> None:
        self.choice = Choice()
        self.opened: list[ToneEngine] = []
        self.door = threading.Event()
        self.door.set()

    def open(self, choice: Choice) -> Engine:
        self.door.wait(10)
        if choice.engine == "broken":
            raise UserError("The engine is broken.", "Mend it.")
        assert all(engine.unloaded for engine in self.opened)
        self.opened.append(ToneEngine(about=f"{choice.engine} plays."))
        return self.opened[-1]


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Workshop:
    workshop = Workshop()
    monkeypatch.setattr(engines, "open_engine", workshop.open)
    return workshop


@pytest.fixture
def makers(workshop: Workshop) -> Iterator[LazyMakers]:
    makers = LazyMakers(lambda: workshop.choice)
    yield makers
    workshop.door.set()
    makers.close()


def never() -> bool:
    return False


def test_an_engine_is_opened_once(makers: LazyMakers, workshop: Workshop) -> None:
    assert makers.prepare().result(5) == "auto plays."
    assert makers.prepare().result(5) == "auto plays."
    with makers.engine(never) as engine:
        assert [engine] == workshop.opened


def test_another_choice_frees_the_engine_before(makers: LazyMakers, workshop: Workshop) -> None:
    makers.prepare().result(5)
    workshop.choice = Choice("builtin")
    assert makers.prepare().result(5) == "builtin plays."
    assert [engine.unloaded for engine in workshop.opened] == [True, False]
    with makers.engine(never) as engine:
        assert engine is workshop.opened[1]


def test_while_a_session_plays_its_engine_is_left_alone(makers: LazyMakers, workshop: Workshop) -> None:
    with makers.engine(never) as engine:
        workshop.choice = Choice("builtin")
        assert makers.prepare().result(5) == LATER
        assert workshop.opened == [engine]
        assert not workshop.opened[0].unloaded
    assert makers.prepare().result(5) == "builtin plays."


def test_a_model_that_was_installed_meanwhile_is_looked_at(
    makers: LazyMakers, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME, str(tmp_path))
    makers.prepare().result(5)
    (tmp_path / "models" / "small").mkdir(parents=True)
    (tmp_path / "models" / "small" / "config.json").write_text('{"model_type": "musicgen"}')
    makers.prepare().result(5)
    assert len(workshop.opened) == 2


def test_who_stops_does_not_wait_for_an_engine_that_is_being_opened(makers: LazyMakers, workshop: Workshop) -> None:
    workshop.door.clear()
    stopped = threading.Event()
    threading.Timer(0.1, stopped.set).start()
    with pytest.raises(CancelledError), makers.engine(stopped.is_set):
        pass
    assert workshop.opened == []
    workshop.door.set()
    with makers.engine(never) as engine:
        assert workshop.opened == [engine]


def test_what_cannot_be_opened_is_told_each_time_and_frees_the_engine_before(
    makers: LazyMakers, workshop: Workshop
) -> None:
    makers.prepare().result(5)
    workshop.choice = Choice("broken")
    for _ in range(2):
        with pytest.raises(UserError, match="is broken"):
            makers.prepare().result(5)
    with pytest.raises(UserError, match="is broken"), makers.engine(never):
        pass
    assert workshop.opened[0].unloaded
    workshop.choice = Choice("builtin")
    assert makers.prepare().result(5) == "builtin plays."


def test_the_choice_is_that_of_the_settings() -> None:
    here = Path.home()
    strengths = {str(here / "soft"): 0.4, str(here / "loud"): 0.7}
    settings = Settings(model=here / "small", adapter=here / "soft", adapter_strengths=strengths, model_window=(9, 6))
    choice = Choice("auto", model=here / "small", adapter=here / "soft", strength=0.4, window=(9, 6))
    assert choice_in(settings) == choice
    assert choice_in(settings.changed(engine="musicgen")) == replace(choice, engine="musicgen")
    assert choice_in(settings.changed(engine="builtin")) == Choice("builtin")
    assert choice_in(settings.changed(adapter=here / "loud")) == replace(choice, adapter=here / "loud", strength=0.7)
    assert choice_in(settings.changed(adapter=here / "new")) == replace(choice, adapter=here / "new", strength=1.0)
    assert choice_in(settings.changed(adapter=None)) == Choice("auto", model=here / "small", window=(9, 6))


def test_the_programs_own_engine_and_recognizer_are_opened() -> None:
    makers = LazyMakers(lambda: Choice("builtin"))
    try:
        assert makers.prepare().result(20) == "The built-in composer makes the music."
        assert makers.recognizer() is makers.recognizer()
    finally:
        makers.close()
