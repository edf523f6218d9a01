from __future__ import annotations

from typing import get_args

from musicmed_desktop.audio.player import PlayerState
from musicmed_desktop.ui.playing import state_words


def test_every_state_of_a_player_has_words() -> None:
    assert all(state_words(state) for state in (*get_args(PlayerState), "preparing", "loading"))
