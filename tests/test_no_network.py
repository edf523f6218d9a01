"""Whole sessions by programs that have no network and do not ask for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.walls import Ended, walled

MUSICMED = ("-m", "musicmed_desktop.cli")
COMPOSE = ("compose", "--from", "sad", "--to", "calm", "--minutes", "1", "--tries", "1")
TRYING = """
import socket
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 80)),
    lambda: socket.getaddrinfo("huggingface.co", 443),
    lambda: socket.gethostbyname("huggingface.co"),
    lambda: socket.socket().bind(("127.0.0.1", 0)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"hello", ("192.0.2.1", 53)),
):
    try:
        attempt()
    except PermissionError as error:
        print(error)
"""
NATIVE = """
import ctypes, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
for host in ("192.0.2.1", "127.0.0.1"):
    address = struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", 443, socket.inet_aton(host))
    with socket.socket() as unconnected:
        print(libc.connect(unconnected.fileno(), address, len(address)), os.strerror(ctypes.get_errno()))
"""
COMMANDS = """
import json, sys
from musicmed_desktop import cli
sys.exit(max(cli.main(arguments) for arguments in json.loads(sys.argv[1])))
"""


def record_of(ended: Ended, folder: Path) -> dict[str, dict[str, object]]:
    """The session's record, where it came to its end and nobody tried to reach anything."""
    assert (ended.code, ended.tried) == (0, ()), ended.err
    assert not ended.counted
    assert (folder / "session.flac").stat().st_size > 100_000
    record: dict[str, dict[str, object]] = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    assert record["audio"]["duration_s"] == pytest.approx(60, abs=0.1)
    return record


def test_the_wall_refuses_what_python_tries_and_tells(tmp_path: Path) -> None:
    ended = walled(tmp_path, "-c", TRYING)
    events = ["getaddrinfo", "getaddrinfo", "gethostbyname", "bind", "sendto"]
    assert ended.out.splitlines() == [f"there is no network here: socket.{event}" for event in events]
    assert [line.split()[0] for line in ended.tried] == [f"socket.{event}" for event in events]


def test_the_kernel_counts_what_native_code_tries(tmp_path: Path) -> None:
    ended = walled(tmp_path, "-c", NATIVE)
    if ended.counted is None:
        pytest.skip("may not make a network of its own here")
    assert ended.out.splitlines() == ["-1 Network is unreachable"] * 2
    assert ended.tried == ()
    assert ended.counted == 2


def test_a_session_by_the_built_in_composer(tmp_path: Path) -> None:
    ended = walled(tmp_path, *MUSICMED, *COMPOSE, "--out", str(tmp_path / "walk"))
    assert record_of(ended, tmp_path / "walk")["engine"]["name"] == "builtin"


def test_a_session_by_a_model_that_came_on_a_stick(tmp_path: Path) -> None:
    """And all that can be done with models but downloading."""
    stick, walk = save_transformers(tiny_transformers(), tmp_path / "stick" / "tiny"), tmp_path / "walk"
    commands = (
        ("models", "list"),
        ("models", "show", "musicgen-small"),
        ("models", "import", str(stick), "--accept-licence"),
        ("models", "verify"),
        (*COMPOSE, "--engine", "musicgen", "--model", "tiny", "--out", str(walk)),
        ("models", "export", "tiny", str(tmp_path / "tiny.zip")),
        ("models", "remove", "tiny", "--yes"),
        ("models", "import", str(tmp_path / "tiny.zip"), "--name", "again"),
    )
    ended = walled(tmp_path, "-c", COMMANDS, json.dumps(commands))
    assert record_of(ended, walk)["engine"]["name"] == "musicgen"
    assert (tmp_path / "models" / "again" / "model.safetensors").is_file()


def test_download_alone_asks_for_the_network_and_without_one_it_says_so(tmp_path: Path) -> None:
    download = (*MUSICMED, "models", "download", "clap-htsat-fused")
    ended = walled(tmp_path, *download)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert ended.err.startswith("The model hub cannot be reached.")
    assert all("huggingface.co" in line for line in ended.tried)
    assert ended.tried
    ended = walled(tmp_path, *download, "--offline")
    assert (ended.code, ended.tried) == (2, ())


@pytest.mark.slow
def test_a_session_in_the_window(tmp_path: Path) -> None:
    self_test = ("-m", "musicmed_desktop.app", "--self-test", "--minutes", "1", "--json")
    ended = walled(tmp_path, *self_test, QT_QPA_PLATFORM="offscreen")
    report = json.loads(ended.out)
    assert (report["ok"], report["problem"]) == (True, "")
    record_of(ended, tmp_path / "sessions" / report["session_id"])
