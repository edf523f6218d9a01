"""A hub of models on this computer: the protocol that huggingface_hub speaks, real sockets, and trouble on order.

    with hub_of(folder) as hub:  # the files are at folder/OWNER/NAME/...
        hub.faults.append(Cut(1000))  # the next answer with a file's bytes ends after 1000 of them
        download(entry_of(folder, "OWNER/NAME"), store, Hub(offline=False, endpoint=hub.address))
        assert hub.requests[0].path.startswith("/api/models/")

Large files (.safetensors, .bin) are sent on to a second server, as the real hub does to its storage. The protocol is
that of https://huggingface.co/docs/hub/api and of huggingface_hub's file_download.py (2.4).
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from musicmed_desktop.engines.models.catalogue import Entry, Source, Wanted
from musicmed_desktop.engines.models.manifest import Kind

REVISION = "0123456789abcdef0123456789abcdef01234567"  # the only one that the hub has
_LARGE = (".safetensors", ".bin")
_BLOCK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with the next answer to a path that contains `where`; with each where it is `lasting`.

    The first fault of the list whose `where` fits is the one that comes next.
    """

    where: str = ""
    lasting: bool = False


@dataclass(frozen=True)
class Status(Fault):
    """Another answer, as 429; on any path: `where="/resolve/"` spares the hub's descriptions."""

    code: int
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Cut(Fault):
    """The connection ends after so many bytes of a file."""

    after: int


@dataclass(frozen=True)
class Slow(Fault):
    """`size` bytes come each `every` seconds."""

    size: int
    every: float


@dataclass(frozen=True)
class Stall(Fault):
    """Nothing comes any more after so many bytes, and the connection stays."""

    after: int


@dataclass(frozen=True)
class WrongLength(Fault):
    """So many bytes more are announced than come."""

    more: int


@dataclass(frozen=True)
class WrongBytes(Fault):
    """The last byte is another one."""


@dataclass(frozen=True)
class IgnoreRange(Fault):
    """The file comes from its beginning, whatever was asked for."""


@dataclass(frozen=True)
class Request:
    """`server` is "hub" or "storage"; the headers' names are in lower case."""

    server: str
    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class FakeHub:
    """`served` counts the bytes of files that were sent."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    served: int = 0
    address: str = ""
    storage: str = ""
    closing: Event = field(default_factory=Event)
    lock: Any = field(default_factory=Lock)

    def take(self, path: str, *kinds: type[Fault]) -> Fault | None:
        """The fault that comes next on `path`, if it is one of `kinds`."""
        with self.lock:
            fault = next((fault for fault in self.faults if fault.where in path), None)
            if not isinstance(fault, kinds):
                return None
            if not fault.lasting:
                self.faults.remove(fault)
            return fault


@contextmanager
def hub_of(folder: Path, certificate: Path | None = None) -> Iterator[FakeHub]:
    """A hub that serves the repositories in `folder`; by TLS where `certificate` is a PEM with key and certificate."""
    hub = FakeHub(folder)
    with ExitStack() as stack:
        hub.address = stack.enter_context(_serving(hub, "hub", certificate))
        hub.storage = stack.enter_context(_serving(hub, "storage", certificate))
        yield hub


def entry_of(folder: Path, repository: str, kind: Kind = "model", *, hashed: bool = True) -> Entry:
    """A catalogue's entry for all that lies in folder/`repository`, with sizes and hashes where it is `hashed`."""
    files = sorted(file for file in (folder / repository).rglob("*") if file.is_file())
    wanted = tuple(
        Wanted(file.relative_to(folder / repository).as_posix(), file.stat().st_size, _sha256(file))
        if hashed
        else Wanted(file.relative_to(folder / repository).as_posix())
        for file in files
    )
    size = sum(file.stat().st_size for file in files)
    name = repository.rpartition("/")[2]
    return Entry(name, kind, name.title(), "A model.", "", size, size, (Source(repository, REVISION, wanted),))


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # they are waited for
    request_queue_size = 32

    def __init__(self, hub: FakeHub, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub, self.name = hub, name
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may hang up."""

    def end(self) -> None:
        self.shutdown()
        for connection in tuple(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        hub, path = self.server.hub, unquote(urlsplit(self.path).path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        hub.requests.append(Request(self.server.name, self.command, self.path, headers))
        fault = hub.take(path, Status)
        if isinstance(fault, Status):
            self._say(fault.code, dict(fault.headers), b'{"error": "as ordered"}')
        elif path.startswith("/api/models/"):
            self._describe(*path.removeprefix("/api/models/").split("/revision/"))
        elif path.startswith("/storage/"):
            self._send(hub.folder / path.removeprefix("/storage/"), {"ETag": '"of the storage"'})
        else:
            self._resolve(path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at `requests` instead."""

    def _describe(self, repository: str, revision: str = REVISION) -> None:
        folder = self.server.hub.folder / repository
        if not folder.is_dir():
            return self._say(401, {"X-Error-Code": "RepoNotFound"}, b'{"error": "Repository not found"}')
        if revision != REVISION:
            return self._say(404, {"X-Error-Code": "RevisionNotFound"}, b'{"error": "Invalid rev id"}')
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        described = [{"rfilename": file.relative_to(folder).as_posix(), **_description(file)} for file in files]
        answer = {"_id": "0", "id": repository, "modelId": repository, "sha": REVISION, "siblings": described}
        return self._say(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())

    def _resolve(self, path: str) -> None:
        repository, _, rest = path.lstrip("/").partition("/resolve/")
        revision, _, name = rest.partition("/")
        file = self.server.hub.folder / repository / name
        if revision != REVISION:
            return self._say(404, {"X-Error-Code": "RevisionNotFound"}, b"")
        if not file.is_file():
            return self._say(404, {"X-Error-Code": "EntryNotFound"}, b"")
        headers = {"X-Repo-Commit": REVISION}
        if not file.name.endswith(_LARGE):
            return self._send(file, {**headers, "ETag": f'"{_blob(file)}"'})
        headers |= {"X-Linked-Size": str(file.stat().st_size), "X-Linked-Etag": f'"{_sha256(file)}"'}
        place = f"{self.server.hub.storage}/storage/{quote(f'{repository}/{name}')}?signed=yes"
        return self._say(302, {**headers, "Location": place}, b"")

    def _say(self, code: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send(self, file: Path, headers: Mapping[str, str]) -> None:
        content = file.read_bytes()
        kinds = (Cut, Slow, Stall, WrongLength, WrongBytes, IgnoreRange)
        fault = self.server.hub.take(self.path, *kinds) if self.command == "GET" else None
        begin = 0 if isinstance(fault, IgnoreRange) else self._begin()
        if begin and begin >= len(content):
            return self._say(416, {"Content-Range": f"bytes */{len(content)}"}, b"")
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        more = fault.more if isinstance(fault, WrongLength) else 0
        for name, value in {**headers, "Content-Length": str(len(content) - begin + more)}.items():
            self.send_header(name, value)
        self.end_headers()
        if isinstance(fault, WrongBytes):
            content = content[:-1] + bytes([content[-1] ^ 1])
        if self.command == "GET":
            self._pour(content[begin:], fault)
        return None

    def _begin(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])

    def _pour(self, body: bytes, fault: Fault | None) -> None:
        closing = self.server.hub.closing
        end = min(len(body), fault.after) if isinstance(fault, Cut | Stall) else len(body)
        step = fault.size if isinstance(fault, Slow) else _BLOCK
        for begin in range(0, end, step):
            if isinstance(fault, Slow) and closing.wait(fault.every):
                break
            block = body[begin : min(begin + step, end)]
            self.wfile.write(block)
            with self.server.hub.lock:
                self.server.hub.served += len(block)
        if isinstance(fault, Stall):
            closing.wait(60)
        if fault is not None:
            self.close_connection = True


@contextmanager
def _serving(hub: FakeHub, name: str, certificate: Path | None) -> Iterator[str]:
    server = _Server(hub, name)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), name=f"fake {name}")
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        hub.closing.set()
        server.end()
        thread.join()


def _description(file: Path) -> dict[str, object]:
    size = file.stat().st_size
    large = {"lfs": {"size": size, "sha256": _sha256(file), "pointerSize": 134}}
    return {"size": size, "blobId": _blob(file), **(large if file.name.endswith(_LARGE) else {})}


def _sha256(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _blob(file: Path) -> str:
    """What git calls the file."""
    content = file.read_bytes()
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
