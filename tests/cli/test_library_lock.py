"""`musicmed library lock`, `unlock`, `passphrase`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest
from click import testing
from click.testing import CliRunner, Result

from musicmed_desktop.cli.library.lock import lock, passphrase, unlock
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library, sealing
from musicmed_desktop.library.locking import FORGOTTEN, LockedError, WrongPassphraseError, is_locked
from tests.fakes.sessions import keep_session

FIRST, SECOND = "four words are best", "and four other words"


@pytest.fixture(autouse=True)
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealing._SCRYPT, "n", 2**4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep_session(Library(tmp_path / "library"))
    return tmp_path / "library"


def carried_out(command: click.Command, folder: Path, *more: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, ["--library", str(folder), *more], input=typed, standalone_mode=False)


def ran(command: click.Command, folder: Path, *more: str, typed: str = "") -> Result:
    result = carried_out(command, folder, *more, typed=typed)
    assert result.exception is None
    assert not result.return_value
    return result


def test_all_with_standard_input(folder: Path) -> None:
    locked = ran(lock, folder, "--passphrase-file", "-", typed=f"{FIRST}\n")
    assert FORGOTTEN in locked.stderr
    assert locked.stdout == "Your sessions are locked now.\n"
    with pytest.raises(LockedError):
        Library(folder)
    both = ("--passphrase-file", "-", "--new-passphrase-file", "-")
    assert FORGOTTEN in ran(passphrase, folder, *both, typed=f"{FIRST}\n{SECOND}\n").stderr
    assert len(Library(folder, SECOND).entries()) == 1
    unlocked = ran(unlock, folder, "--passphrase-file", "-", typed=f"{SECOND}\n")
    assert unlocked.stdout == "Your sessions are not locked any more.\n"
    assert len(Library(folder).entries()) == 1


def test_a_passphrase_in_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words").write_text(f"{FIRST}\r\nanother line\n", encoding="utf-8-sig")
    ran(lock, folder, "--passphrase-file", str(tmp_path / "words"))
    assert len(Library(folder, FIRST).entries()) == 1


@pytest.mark.parametrize("typed", [f"{FIRST}\n{FIRST}\n", f"{SECOND}\n{FIRST}\n{FIRST}\n{FIRST}\n"])
def test_it_is_typed_twice_and_not_shown(folder: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing._NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    shown = ran(lock, folder, typed=typed).output
    assert FIRST not in shown
    assert shown.index(FORGOTTEN) < shown.index("New passphrase")
    assert len(Library(folder, FIRST).entries()) == 1


def test_with_nobody_to_ask_nothing_is_locked(folder: Path) -> None:
    result = carried_out(lock, folder)
    assert isinstance(result.exception, UserError)
    assert "nobody to ask" in str(result.exception)
    assert not is_locked(folder)


@pytest.mark.parametrize("command", [unlock, passphrase])
def test_a_wrong_passphrase_changes_nothing(folder: Path, command: click.Command) -> None:
    ran(lock, folder, "--passphrase-file", "-", typed=f"{FIRST}\n")
    more = ("--new-passphrase-file", "-") if command is passphrase else ()
    result = carried_out(command, folder, "--passphrase-file", "-", *more, typed=f"{SECOND}\n{SECOND}\n")
    assert isinstance(result.exception, WrongPassphraseError)
    assert len(Library(folder, FIRST).entries()) == 1


def test_what_is_done_already_is_said(folder: Path) -> None:
    for command, more in ((unlock, ()), (passphrase, ("--new-passphrase-file", "-"))):
        result = carried_out(command, folder, *more, typed=f"{SECOND}\n")
        assert "not locked" in str(result.exception)
    ran(lock, folder, "--passphrase-file", "-", typed=f"{FIRST}\n")
    result = carried_out(lock, folder, "--passphrase-file", "-", typed=f"{SECOND}\n")
    assert "locked already" in str(result.exception)
    assert len(Library(folder, FIRST).entries()) == 1


def test_stopped_with_ctrl_c_it_leaves_all_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    commands = import_module("musicmed_desktop.cli.library.lock")  # not the command of the same name
    monkeypatch.setattr(commands, "followed", lambda: nullcontext((lambda _: None, lambda: True)))
    result = carried_out(lock, folder, "--passphrase-file", "-", typed=f"{FIRST}\n")
    assert (result.return_value, result.stdout) == (130, "")
    assert "Nothing was changed" in result.stderr
    assert len(Library(folder).entries()) == 1
