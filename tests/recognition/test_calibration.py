from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.recognition.calibration import (
    AROUSAL_FROM_ENERGY,
    VALENCE_FROM_TONALITY,
    VALENCE_FROM_VIBENET,
    Table,
)

TABLES = [AROUSAL_FROM_ENERGY, VALENCE_FROM_TONALITY, VALENCE_FROM_VIBENET]


@pytest.mark.parametrize("table", TABLES)
def test_tables_use_the_scale_and_pass_neutral(table: Table) -> None:
    values = [value for _, value in table.points]
    assert min(values) <= -0.8
    assert max(values) == 1.0
    assert 0.0 in values


@given(st.sampled_from(TABLES), st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
def test_more_never_becomes_less(table: Table, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert -1.0 <= table(low) <= table(high) <= 1.0


@given(st.sampled_from(TABLES))
def test_points_are_met(table: Table) -> None:
    assert [table(raw) for raw, _ in table.points] == pytest.approx([value for _, value in table.points])


def test_halfway_between_two_points() -> None:
    assert Table(((0.0, -1.0), (0.5, 0.0), (1.0, 1.0)))(0.25) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    "points",
    [((0.0, 0.0), (0.0, 1.0)), ((0.0, 0.5), (1.0, 0.4)), ((0.0, 0.0), (1.0, 1.1)), ((1.0, 0.0), (0.0, 1.0))],
)
def test_other_points_are_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="monotone"):
        Table(points)


def test_quick_drafts_land_in_their_halves() -> None:
    """Energies of four naive drafts, measured before this project had a composer of its own."""
    sad, calm, happy, angry = (AROUSAL_FROM_ENERGY(energy) for energy in (0.06, 0.21, 0.63, 0.73))
    assert sad < calm < 0.0 < happy < angry
