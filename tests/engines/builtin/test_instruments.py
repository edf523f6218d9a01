from __future__ import annotations

from typing import get_args

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS, Role
from musicmed_desktop.paths import resource

NOT_PITCHED = {"beat", "computer", "sampler", "voice"}  # MTG-Jamendo's tags that no SoundFont plays


def tags(name: str) -> list[str]:
    lines = [line for line in resource(name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [line.split("\t")[0] for line in lines[2:]]  # below the head and the row of all tracks


def test_there_are_instruments_enough() -> None:
    assert len({instrument.program for instrument in INSTRUMENTS.values()}) >= 16


def test_every_instrument_of_the_dataset_is_known_but_for_four() -> None:
    unknown = set(tags("cooccurrence_instrument.tsv")) - set(INSTRUMENTS)
    assert unknown <= NOT_PITCHED


def test_rows_are_named_by_their_tags() -> None:
    assert all(tag == instrument.tag for tag, instrument in INSTRUMENTS.items())


def test_ranges_hold_a_melody_or_a_bass() -> None:
    for instrument in INSTRUMENTS.values():
        assert -1 <= instrument.program <= 127
        assert 0 <= instrument.low < instrument.high <= 127
        assert instrument.high - instrument.low >= (24 if "lead" in instrument.roles else 20), instrument.tag


def test_roles_are_stated_once_each() -> None:
    for instrument in INSTRUMENTS.values():
        assert instrument.roles
        assert len(set(instrument.roles)) == len(instrument.roles)
        assert set(instrument.roles) <= set(get_args(Role))
        assert ("drums" in instrument.roles) == (instrument.program < 0)


def test_a_program_has_one_tone() -> None:
    """The sampler keeps its notes by program."""
    tones = {(i.program, i.tone) for i in INSTRUMENTS.values()}
    assert len(tones) == len({i.program for i in INSTRUMENTS.values()})


def test_every_role_can_be_asked_for() -> None:
    for role in get_args(Role):
        assert sum(role in instrument.roles for instrument in INSTRUMENTS.values()) >= 3
