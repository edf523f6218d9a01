from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Shares
from musicmed_desktop.plan.schedule import Anchor, Slot, anchored, hurried, schedule

USUAL = Shares()


def plateaus(slots: tuple[Slot, ...]) -> list[tuple[float, int]]:
    return [(at, len(list(run))) for at, run in groupby(slots, key=lambda slot: slot.progress)]


def test_fifteen_minutes_match_then_walk_in_plateaus_then_settle() -> None:
    found = plateaus(schedule(30, USUAL))
    assert [steps for _, steps in found] == [8, 4, 4, 4, 4, 6]
    assert [at for at, _ in found] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


@given(st.integers(2, 120), st.floats(0, 1), st.floats(0, 1))
def test_any_session_begins_at_the_start_and_ends_at_the_target(count: int, a: float, b: float) -> None:
    match, rest = a, 1 - a
    shares = Shares(match=match, transition=rest * b, settle=1 - match - rest * b)
    slots = schedule(count, shares)
    assert len(slots) == count
    assert slots[0] == Slot(0.0, "match")
    assert slots[-1] == Slot(1.0, "settle")
    progress = [slot.progress for slot in slots]
    assert progress == sorted(progress)
    assert [phase for phase, _ in groupby(slot.phase for slot in slots)] in (
        ["match", "transition", "settle"],
        ["match", "settle"],
    )


@given(st.integers(3, 120))
def test_plateaus_move_evenly_along_the_path(count: int) -> None:
    moves = [there - here for (here, _), (there, _) in pairwise(plateaus(schedule(count, USUAL)))]
    assert moves == pytest.approx([moves[0]] * len(moves))


@given(st.integers(30, 120))
def test_walking_plateaus_are_of_nearly_equal_length(count: int) -> None:
    lengths = [steps for _, steps in plateaus(schedule(count, USUAL))[1:-1]]
    assert max(lengths) - min(lengths) <= 1


def test_a_minute_is_one_step_of_each() -> None:
    assert schedule(2, USUAL) == (Slot(0.0, "match"), Slot(1.0, "settle"))


@given(st.data())
def test_anchors_are_hit_exactly_and_in_order(data: st.DataObject) -> None:
    count = data.draw(st.integers(3, 120))
    indices = data.draw(st.lists(st.integers(1, count - 2), unique=True, min_size=1, max_size=5).map(sorted))
    places = data.draw(st.lists(st.floats(0, 1), min_size=len(indices), max_size=len(indices)).map(sorted))
    anchors = [Anchor(*pair) for pair in zip(indices, places, strict=True)]
    slots = schedule(count, USUAL, anchors)
    assert len(slots) == count
    for anchor in anchors:
        assert slots[anchor.index].progress == anchor.progress
    progress = [slot.progress for slot in slots]
    assert progress == pytest.approx(sorted(progress))
    assert (progress[0], progress[-1]) == (0.0, 1.0)


def test_waypoints_are_reached_at_their_share_of_the_session() -> None:
    assert anchored(30, [0.4, 0.75], [0.3, 0.6]) == (Anchor(12, 0.3), Anchor(22, 0.6))
    assert anchored(30, [0.0, 1.0], [0.3, 0.6]) == (Anchor(1, 0.3), Anchor(28, 0.6))


@pytest.mark.parametrize(("count", "at"), [(2, [0.5]), (4, [0.3, 0.5, 0.7]), (30, [0.50, 0.51])])
def test_too_short_a_session_for_its_waypoints_is_refused(count: int, at: list[float]) -> None:
    with pytest.raises(UserError, match="too short for its waypoints"):
        anchored(count, at, [0.5] * len(at))


@given(st.integers(4, 120), st.data())
def test_a_hurried_walk_keeps_its_order_and_its_ends(count: int, data: st.DataObject) -> None:
    slots = schedule(count, USUAL)
    unpleasant = data.draw(st.integers(2, count - 1))
    allowed = data.draw(st.integers(1, unpleasant - 1))
    quick = hurried(slots, unpleasant, allowed)
    assert len(quick) == count
    assert (quick[0], quick[-1]) == (slots[0], slots[-1])
    assert set(quick[:allowed]) <= set(slots[:unpleasant])
    assert set(quick[allowed:]) == set(slots[unpleasant:])
    assert [slot.progress for slot in quick] == sorted(slot.progress for slot in quick)
