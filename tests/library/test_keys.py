"""The small file that the passphrase opens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import sealing
from musicmed_desktop.library.keys import (
    KEYS,
    LOCKING,
    UNLOCKING,
    LockedError,
    is_locked,
    new_keys,
    open_keys,
    refuse_turned,
    turning,
    write_keys,
)
from musicmed_desktop.library.sealing import WrongPassphraseError


@pytest.fixture(autouse=True)
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealing._SCRYPT, "n", 2**4)


def test_two_keys_are_drawn_anew_each_time() -> None:
    one, other = new_keys(), new_keys()
    drawn = {one.index, one.files, other.index, other.files}
    assert len(drawn) == 4
    assert {len(key) for key in drawn} == {32}


def test_the_passphrase_gives_the_keys_back(tmp_path: Path) -> None:
    keys = new_keys()
    assert not is_locked(tmp_path)
    assert open_keys(tmp_path, None) is None
    assert open_keys(tmp_path, "unasked") is None
    write_keys(tmp_path, keys, "four words are best")
    assert is_locked(tmp_path)
    assert open_keys(tmp_path, "four words are best") == keys
    with pytest.raises(LockedError):
        open_keys(tmp_path, None)
    with pytest.raises(WrongPassphraseError):
        open_keys(tmp_path, "Four words are best")


def test_the_keys_are_not_in_the_file_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys = new_keys()
    write_keys(tmp_path, keys, "four words are best")
    content = (tmp_path / KEYS).read_bytes()
    assert keys.index not in content
    assert keys.files not in content
    if os.name != "nt":
        assert (tmp_path / KEYS).stat().st_mode & 0o077 == 0


def test_a_file_of_which_any_byte_was_changed_opens_nothing(tmp_path: Path) -> None:
    write_keys(tmp_path, new_keys(), "four words are best")
    whole = (tmp_path / KEYS).read_bytes()
    for at in range(len(whole)):
        (tmp_path / KEYS).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(UserError):
            open_keys(tmp_path, "four words are best")
    (tmp_path / KEYS).write_bytes(whole[:-1])
    with pytest.raises(WrongPassphraseError):
        open_keys(tmp_path, "four words are best")


def test_who_opened_it_otherwise_is_refused(tmp_path: Path) -> None:
    refuse_turned(tmp_path, locked=False)
    with pytest.raises(UserError, match="unlocked in another window"):
        refuse_turned(tmp_path, locked=True)
    write_keys(tmp_path, new_keys(), "four words are best")
    refuse_turned(tmp_path, locked=True)
    with pytest.raises(UserError, match="were locked in another window"):
        refuse_turned(tmp_path, locked=False)


@pytest.mark.parametrize("name", [LOCKING, UNLOCKING])
def test_while_it_turns_everybody_is_refused(tmp_path: Path, name: str) -> None:
    assert turning(tmp_path) is None
    (tmp_path / name).mkdir()
    assert turning(tmp_path) == tmp_path / name
    for locked in (True, False):
        with pytest.raises(UserError, match="in another window"):
            refuse_turned(tmp_path, locked)
