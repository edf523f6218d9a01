"""Cues against the performers' means of Bresin and Friberg 2011, and as additive, monotone functions of affect."""

from __future__ import annotations

from dataclasses import asdict, fields

import numpy as np
import pytest
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.cues import Cues, cues_for
from tests.engines.builtin.properties import forall

PLACED = {
    "happy": Affect(0.8, 0.5),
    "scary": Affect(-0.6, 0.7),
    "neutral": Affect(0.0, 0.0),
    "peaceful": Affect(0.6, -0.6),
    "sad": Affect(-0.7, -0.5),
}
# Bresin and Friberg 2011: notes per second, dB, staccato-ness, MIDI note, attack in ms.
TABLE = {
    "happy": (4.98, 7.8, 2.23, 80, 61),
    "scary": (4.45, 4.7, 1.98, 64, 317),
    "neutral": (3.17, -3.7, 1.34, 73, 111),
    "peaceful": (2.23, -8.5, 0.69, 75, 295),
    "sad": (1.33, -13.4, 0.65, 70, 370),
}
RISE_WITH_AROUSAL = ("bpm", "density", "level_db", "percussion", "brightness")
RISE_WITH_VALENCE = ("mode", "register")
ADDITIVE = ("bpm", "mode", "density", "register", "level_db", "legato", "attack_s", "brightness")

share = st.floats(-1.0, 1.0)
small = st.floats(-0.3, 0.3)  # near neutral, where no cue has reached its bound


@pytest.mark.parametrize("emotion", PLACED)
def test_density_and_register_are_the_performers(emotion: str) -> None:
    cues = cues_for(PLACED[emotion])
    density, _, _, register, _ = TABLE[emotion]
    assert cues.density == pytest.approx(density, abs=0.3)
    assert cues.register == pytest.approx(register, abs=4.0)  # semitones


@pytest.mark.parametrize(
    ("cue", "column", "sign"), [("level_db", 1, 1), ("legato", 2, -1), ("attack_s", 4, 1), ("bpm", 0, 1)]
)
def test_other_cues_go_with_the_performers(cue: str, column: int, sign: int) -> None:
    ours = [getattr(cues_for(affect), cue) for affect in PLACED.values()]
    theirs = [sign * row[column] for row in TABLE.values()]
    assert np.corrcoef(ours, theirs)[0, 1] > 0.75


@forall(share, share, share)
def test_activation_is_faster_denser_louder_brighter(valence: float, one: float, other: float) -> None:
    calm, active = (cues_for(Affect(valence, arousal)) for arousal in sorted((one, other)))
    for cue in RISE_WITH_AROUSAL:
        assert getattr(calm, cue) <= getattr(active, cue), cue
    assert calm.legato >= active.legato


@forall(share, share, share)
def test_pleasure_is_brighter_in_mode_higher_and_more_consonant(arousal: float, one: float, other: float) -> None:
    sad, glad = (cues_for(Affect(valence, arousal)) for valence in sorted((one, other)))
    for cue in RISE_WITH_VALENCE:
        assert getattr(sad, cue) <= getattr(glad, cue), cue
    assert sad.dissonance >= glad.dissonance


@forall(share)
def test_the_ends_of_a_scale_differ(other: float) -> None:
    for cue in RISE_WITH_AROUSAL:
        assert getattr(cues_for(Affect(other, -1.0)), cue) < getattr(cues_for(Affect(other, 1.0)), cue), cue
    for cue in RISE_WITH_VALENCE:
        assert getattr(cues_for(Affect(-1.0, other)), cue) < getattr(cues_for(Affect(1.0, other)), cue), cue


@forall(small, small, small, small)
def test_valence_and_arousal_add_up(v: float, w: float, a: float, b: float) -> None:
    here, there = cues_for(Affect(v, a)), cues_for(Affect(w, b))
    across, back = cues_for(Affect(v, b)), cues_for(Affect(w, a))
    for cue in ADDITIVE:
        straight = getattr(here, cue) + getattr(there, cue)
        assert straight == pytest.approx(getattr(across, cue) + getattr(back, cue)), cue


@forall(share, share, examples=300)
def test_every_cue_is_playable_on_the_whole_square(valence: float, arousal: float) -> None:
    cues = cues_for(Affect(valence, arousal))
    assert 60.0 <= cues.bpm <= 180.0  # two slow bars decide how well a clip's length is met
    assert 0.0 <= cues.mode <= 5.0
    assert 0.5 <= cues.density <= 8.0
    assert 55.0 <= cues.register <= 88.0
    assert -20.0 <= cues.level_db <= 20.0
    assert 0.3 <= cues.legato <= 1.2
    assert 0.01 <= cues.attack_s <= 1.0
    for cue in ("dissonance", "percussion", "brightness"):
        assert 0.0 <= getattr(cues, cue) <= 1.0, cue


@forall(share, share, st.floats(0.0, 1.0))
def test_cues_move_without_jumps(valence: float, arousal: float, way: float) -> None:
    """A hundredth of the way across the square moves each cue by a twentieth of its whole span at most."""
    start = Affect(valence, arousal)
    near = start.towards(Affect(-valence, -arousal), 0.01 * way)
    first, last = asdict(cues_for(start)), asdict(cues_for(near))
    for cue, span in SPANS.items():
        assert abs(first[cue] - last[cue]) <= 0.05 * span, cue


def _spans() -> dict[str, float]:
    grid = [cues_for(Affect(v, a)) for v in np.linspace(-1, 1, 9) for a in np.linspace(-1, 1, 9)]
    values = {field.name: [getattr(cues, field.name) for cues in grid] for field in fields(Cues)}
    return {name: max(column) - min(column) for name, column in values.items()}


SPANS = _spans()
