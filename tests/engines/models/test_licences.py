from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from musicmed_desktop.engines.models import licences
from musicmed_desktop.engines.models.licences import (
    RECORD,
    NotAcceptedError,
    accept,
    accepted,
    find_licence,
    require_accepted,
)
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError

NC = "CC-BY-NC-4.0"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "models")


def test_a_licence_is_accepted_once_and_kept_on_record(store: Store) -> None:
    with pytest.raises(NotAcceptedError, match=r"CC-BY-NC-4\.0 has not been accepted yet") as caught:
        require_accepted(store, NC)
    assert caught.value.licence is find_licence(NC)
    assert not store.folder.exists()  # asking makes nothing
    accept(store, NC)
    require_accepted(Store(store.folder), NC)
    when = accepted(store, NC)
    assert when is not None
    assert timedelta(0) <= datetime.now(UTC) - when < timedelta(minutes=1)
    accept(store, NC)
    assert accepted(store, NC) == when
    assert json.loads((store.folder / RECORD).read_text())[NC]["version"] == find_licence(NC).version
    assert store.installed() == ()  # the record is not taken for a model


@pytest.mark.parametrize("free", ["", "Apache-2.0"])
def test_what_is_free_or_not_known_need_not_be_accepted(store: Store, free: str) -> None:
    require_accepted(store, free)
    assert not store.folder.exists()


def test_a_licence_that_nobody_knows_is_told(store: Store) -> None:
    for ask in (require_accepted, accept, accepted):
        with pytest.raises(UserError, match=r"'WTFPL' is not known\. Known are CC-BY-NC-4\.0 and Apache-2\.0"):
            ask(store, "WTFPL")


def test_a_text_that_says_something_else_is_asked_for_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    accept(store, NC)
    changed = licences.Licence(NC, "CC", "Something else.", "https://example.org", must_accept=True, version=2)
    monkeypatch.setattr(licences, "_LICENCES", (changed,))
    assert accepted(store, NC) is None
    with pytest.raises(NotAcceptedError):
        require_accepted(store, NC)
    accept(store, NC)
    require_accepted(store, NC)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[1]", b"\xff\xfe", b'{"CC-BY-NC-4.0": true}', b'{"CC-BY-NC-4.0": {"version": 1, "at": "once"}}'],
)
def test_a_damaged_record_is_no_acceptance_and_is_put_aside(store: Store, raw: bytes) -> None:
    store.folder.mkdir(parents=True)
    (store.folder / RECORD).write_bytes(raw)
    with pytest.raises(NotAcceptedError):
        require_accepted(store, NC)
    accept(store, NC)
    require_accepted(store, NC)
    assert (store.folder / "licences.damaged.json").read_bytes() == raw
    assert sorted(file.name for file in store.folder.iterdir()) == ["licences.damaged.json", RECORD]


def test_where_it_cannot_be_written_it_is_not_accepted(store: Store) -> None:
    store.folder.parent.write_text("a file, not a folder")
    with pytest.raises(UserError):
        accept(store, NC)


def test_several_programs_may_accept_at_once(store: Store) -> None:
    program = (
        "import sys; from pathlib import Path; from musicmed_desktop.engines.models.licences import accept;"
        "from musicmed_desktop.engines.models.store import Store; accept(Store(Path(sys.argv[1])), 'CC-BY-NC-4.0')"
    )
    children = [subprocess.Popen([sys.executable, "-c", program, str(store.folder)]) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    require_accepted(store, NC)
    assert [file.name for file in store.folder.iterdir()] == [RECORD]


def test_the_words_say_what_the_licence_says() -> None:
    """https://creativecommons.org/licenses/by-nc/4.0/legalcode, section 1 i."""
    summary = find_licence(NC).summary
    assert "not primarily intended for or directed towards commercial advantage or monetary compensation" in summary
    assert "ask who advises you" in summary
    assert "credit" in summary
