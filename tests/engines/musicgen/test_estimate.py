from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from musicmed_desktop.engines.base import Cancelled, CancelledError
from musicmed_desktop.engines.musicgen import estimate
from musicmed_desktop.engines.musicgen.codec import Codec
from musicmed_desktop.engines.musicgen.estimate import estimated_pace
from musicmed_desktop.engines.musicgen.placement import Placement, placements
from musicmed_desktop.engines.musicgen.shapes import LARGE, MEDIUM, SMALL, DecoderShape
from tests.fakes.places import ROOMY, single_thread

TINY = DecoderShape(hidden=64, layers=3, heads=4, ffn=128, text_hidden=48)


@pytest.fixture
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.mark.parametrize(("shape", "several"), [(SMALL, 8), (MEDIUM, 4), (LARGE, 3), (replace(SMALL, layers=5), 5)])
def test_a_few_layers_tell_the_pace_of_all(shape: DecoderShape, several: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a layer takes 50 ms for a second of music, all else 100 ms, and the codec 70 ms."""
    measured: list[int] = []

    def pace(some: DecoderShape, _: Sequence[Placement], __: Cancelled) -> float:
        assert some == replace(shape, layers=some.layers)
        measured.append(some.layers)
        disturbed = 1.0 if len(measured) == 1 else 0.0  # by another program, for the first time
        return 0.1 + 0.05 * some.layers + disturbed

    monkeypatch.setattr(estimate, "_pace", pace)
    monkeypatch.setattr(Codec, "pace", lambda _: 0.07)
    assert estimated_pace(shape, (ROOMY,), lambda: False) == pytest.approx(0.17 + 0.05 * shape.layers)
    assert measured == [several, 1, several]


@pytest.mark.usefixtures("one_thread")
def test_it_is_measured_where_music_would_be_made() -> None:
    assert 0 < estimated_pace(TINY, (ROOMY,), lambda: False) < 20


@pytest.mark.usefixtures("one_thread")
def test_it_is_cancelled_on_the_way() -> None:
    asked = iter([False] * 5)
    with pytest.raises(CancelledError):
        estimated_pace(TINY, (ROOMY,), lambda: next(asked, True))


@pytest.mark.slow
def test_it_is_near_what_the_whole_model_takes() -> None:
    """musicgen-small's shape, on this computer; paces vary with what else it does."""
    places = placements()
    whole = estimate._pace(SMALL, places, lambda: False)
    assert estimated_pace(SMALL, places, lambda: False) == pytest.approx(whole, rel=0.3)
