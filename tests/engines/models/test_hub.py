"""What the hub is asked, what it is not told, and what one reads where it cannot be reached."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from musicmed_desktop import __version__
from musicmed_desktop.engines.models.catalogue import Source, Wanted
from musicmed_desktop.engines.models.hub import Hub, Patience, TokenNeededError
from musicmed_desktop.engines.models.hub.remote import expected
from musicmed_desktop.engines.models.progress import CancelledError, Meter
from musicmed_desktop.errors import UserError
from tests.fakes.hub import REVISION, Cut, FakeHub, Slow, Stall, Status, entry_of, hub_of

PATIENCE = Patience(waits=(0.02, 0.02), silence=0.5, longest=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "hub" / "someone" / "tiny"
    (here / "sub").mkdir(parents=True)
    (here / "config.json").write_bytes(b'{"model_type": "musicgen"}')
    (here / "sub" / "vocab.txt").write_bytes(b"")
    (here / "model.safetensors").write_bytes(random.Random(0).randbytes(300_000))
    return tmp_path / "hub"


@pytest.fixture
def fake(folder: Path) -> Iterator[FakeHub]:
    with hub_of(folder) as hub:
        yield hub


def source_of(folder: Path) -> Source:
    return entry_of(folder, "someone/tiny").sources[0]


def client(fake: FakeHub, token: str | None = None) -> Hub:
    return Hub(offline=False, token=token, endpoint=fake.address, patience=PATIENCE)


def test_files_are_described_and_come_as_they_are(fake: FakeHub, tmp_path: Path) -> None:
    hub, source = client(fake), replace(source_of(fake.folder), folder="inside")
    remotes = hub.describe(source)
    assert [(remote.path, remote.size) for remote in remotes] == [
        ("inside/config.json", 26),
        ("inside/model.safetensors", 300_000),
        ("inside/sub/vocab.txt", 0),
    ]
    for remote, wanted in zip(remotes, source.files, strict=True):
        assert remote.sha256 == wanted.sha256
        meter = Meter("downloading", remote.size)
        hub.fetch(remote, tmp_path / remote.path, meter)
        assert meter.done == remote.size
        original = fake.folder / "someone" / "tiny" / wanted.path
        assert (tmp_path / remote.path).read_bytes() == original.read_bytes()


def test_the_hub_of_these_tests_speaks_the_protocol(
    fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """huggingface_hub's own download understands it."""
    from huggingface_hub import hf_hub_download

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # its thread outlives it
    for name in ("config.json", "model.safetensors"):
        cache, hub = tmp_path / "cache", fake.address
        file = hf_hub_download("someone/tiny", name, revision=REVISION, cache_dir=cache, endpoint=hub, token=False)
        assert Path(file).read_bytes() == (fake.folder / "someone" / "tiny" / name).read_bytes()
    assert {request.method for request in fake.requests} == {"HEAD", "GET"}


def test_without_hashes_of_our_own_the_hub_s_count(fake: FakeHub) -> None:
    source = entry_of(fake.folder, "someone/tiny", hashed=False).sources[0]
    config, model, _ = client(fake).describe(source)
    known = source_of(fake.folder).files[1]
    assert (config.sha256, config.blob) == ("", "82813ae73d3d961b9a9502cdc32760b03ad6b1cd")
    assert (model.sha256, model.blob) == (known.sha256, "")


def test_nothing_is_asked_but_what_is_needed_and_nothing_told(
    fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_kept_by_other_programs")
    hub = client(fake)
    _, model, _ = hub.describe(source_of(fake.folder))
    hub.fetch(model, tmp_path / "model", Meter("downloading", model.size))
    assert [(request.server, request.method, request.path) for request in fake.requests] == [
        ("hub", "GET", f"/api/models/someone/tiny/revision/{REVISION}?blobs=true"),
        ("hub", "GET", f"/someone/tiny/resolve/{REVISION}/model.safetensors"),
        ("storage", "GET", "/storage/someone/tiny/model.safetensors?signed=yes"),
    ]
    for request in fake.requests:
        usual = {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert set(request.headers) == usual
        assert request.headers["user-agent"] == f"musicmed-desktop/{__version__}"


def test_a_token_goes_to_the_hub_alone(fake: FakeHub, tmp_path: Path) -> None:
    hub = client(fake, token=" hf_given\n")
    _, model, _ = hub.describe(source_of(fake.folder))
    hub.fetch(model, tmp_path / "model", Meter("downloading", model.size))
    sent = [(request.server, request.headers.get("authorization")) for request in fake.requests]
    assert sent == [("hub", "Bearer hf_given"), ("hub", "Bearer hf_given"), ("storage", None)]


def test_what_cannot_be_a_token_is_not_sent() -> None:
    for text in ("my token", "hf_\nX-Evil: 1", "hf_é"):
        with pytest.raises(UserError, match="not an access token"):
            Hub(offline=False, token=text)


def test_huggingface_hub_has_its_own_session_back(fake: FakeHub) -> None:
    from huggingface_hub import get_session

    client(fake).describe(source_of(fake.folder))
    assert "huggingface_hub" in get_session().event_hooks["request"][0].__module__


def test_two_at_once_do_not_close_each_other_s_connection(fake: FakeHub, tmp_path: Path) -> None:
    hub = client(fake)
    config, model, _ = hub.describe(source_of(fake.folder))
    fake.faults.append(Slow(15_000, 0.05, where="model"))
    slow = threading.Thread(target=hub.fetch, args=(model, tmp_path / "model", Meter("downloading", model.size)))
    slow.start()
    for number in range(3):
        client(fake).fetch(config, tmp_path / f"config{number}", Meter("downloading", config.size))
    assert slow.is_alive()
    slow.join()
    assert (tmp_path / "model").stat().st_size == model.size
    assert [request.server for request in fake.requests].count("storage") == 1


def test_offline_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="set to stay offline"):
        Hub(offline=True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="HF_HUB_OFFLINE is set"):
        Hub(offline=False)


def test_without_musicgen_there_is_nothing_to_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musicmed_desktop.engines.models.hub.client.find_spec", lambda _: None)
    with pytest.raises(UserError, match="MusicGen is not installed"):
        Hub(offline=False)


def test_the_environment_names_the_hub(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", fake.address)
    assert len(Hub(offline=False).describe(source_of(fake.folder))) == 3
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "hub")
    with pytest.raises(UserError, match="hub is not the address of a model hub"):
        Hub(offline=False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": 25}, "another config.json than this app expects"),
        ({"sha256": "0" * 64, "path": "model.safetensors", "size": 300_000}, "another model.safetensors than"),
        ({"path": "gone.json"}, "another gone.json than this app expects"),
    ],
)
def test_files_that_are_not_those_of_the_catalogue(fake: FakeHub, change: dict[str, object], sentence: str) -> None:
    wanted = replace(source_of(fake.folder).files[0], **change)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=sentence):
        client(fake).describe(Source("someone/tiny", REVISION, (wanted,)))


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        ("", "../a.json"),
        ("a/..", "a.json"),
        ("/a", "a.json"),
        ("", "/a.json"),
        ("", "c:a.json"),
        ("", "a\\..\\b"),
        ("", ""),
    ],
)
def test_no_file_leaves_the_folder(inside: str, path: str) -> None:
    from huggingface_hub.hf_api import RepoSibling

    found = RepoSibling(path, size=1, blob_id="0" * 40)
    with pytest.raises(UserError, match="cannot be the name of a model's file"):
        expected(Source("a/b", REVISION, (), inside), Wanted(path), found, "")


@pytest.mark.parametrize(
    ("fault", "sentence", "hint"),
    [
        (Status(401), "only to those who have an account there, or no longer", "access token"),
        (Status(403, (("X-Error-Code", "GatedRepo"),)), "only to those who have an account there.", "Accept its terms"),
        (Status(404), "no longer has this model", "A newer version"),
        (Status(407), "proxy of this network refuses", "proxy"),
        (Status(429), "is too busy", "Try again later"),
        (Status(429, (("Retry-After", "300"),)), "is too busy", "in 5 minutes"),
        (Status(429, (("RateLimit", '"api";r=0;t=30'),)), "is too busy", "in a minute"),
        (Status(418), "refuses to send the model .418.", "stick"),
        (Status(503), "trouble of its own", "goes on where it stopped"),
        (Status(200), "does not come from the model hub", "sign in"),
    ],
)
def test_what_the_hub_refuses(fake: FakeHub, fault: Status, sentence: str, hint: str) -> None:
    fake.faults.append(replace(fault, lasting=True))
    with pytest.raises(UserError, match=sentence) as raised:
        client(fake).describe(source_of(fake.folder))
    assert hint in raised.value.hint
    assert isinstance(raised.value, TokenNeededError) == (fault.code in (401, 403))


def test_a_token_that_is_refused(fake: FakeHub) -> None:
    fake.faults.append(Status(403))
    with pytest.raises(TokenNeededError, match="does not accept this access token"):
        client(fake, token="hf_old").describe(source_of(fake.folder))


def test_models_and_revisions_that_are_not_there(fake: FakeHub) -> None:
    source = source_of(fake.folder)
    with pytest.raises(TokenNeededError, match="or no longer at all"):
        client(fake).describe(replace(source, repository="someone/else"))
    with pytest.raises(UserError, match="no longer has this model"):
        client(fake).describe(replace(source, revision="f" * 40))


def test_passing_trouble_passes(fake: FakeHub) -> None:
    fake.faults += [Status(429, (("Retry-After", "0"),)), Status(500)]
    assert len(client(fake).describe(source_of(fake.folder))) == 3
    assert len(fake.requests) == 3


def test_waiting_for_the_hub_can_be_cancelled(fake: FakeHub) -> None:
    fake.faults.append(Status(429, (("Retry-After", "2"),)))
    with pytest.raises(CancelledError):
        client(fake).describe(source_of(fake.folder), lambda: True)


def test_a_file_that_changes_after_it_was_described(fake: FakeHub, tmp_path: Path) -> None:
    hub = client(fake)
    _, model, _ = hub.describe(source_of(fake.folder))
    (fake.folder / "someone/tiny/model.safetensors").write_bytes(bytes(300_000))
    with pytest.raises(UserError, match="another model"):
        hub.fetch(model, tmp_path / "model", Meter("downloading", model.size))
    assert (tmp_path / "model").stat().st_size == 0


def test_a_dead_line_keeps_nobody_waiting(fake: FakeHub, tmp_path: Path) -> None:
    hub = Hub(offline=False, endpoint=fake.address, patience=Patience(silence=60))
    _, model, _ = hub.describe(source_of(fake.folder))
    fake.faults.append(Stall(100_000, where="model"))
    began = time.monotonic()
    meter = Meter("downloading", model.size, cancelled=lambda: time.monotonic() - began > 0.4)
    with pytest.raises(CancelledError):
        hub.fetch(model, tmp_path / "model", meter)
    assert time.monotonic() - began < 1.4
    assert (tmp_path / "model").stat().st_size == meter.done == 100_000


def test_nobody_is_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(UserError, match=r"cannot be reached. Are you online\?"):
            Hub(offline=False, endpoint=address).describe(Source("a/b", REVISION, (Wanted("c"),)))


def test_a_name_that_nobody_knows() -> None:
    hub = Hub(offline=False, endpoint="https://hub.invalid")  # RFC 6761: such names are never resolved
    with pytest.raises(UserError, match=r"cannot be reached. Are you online\?"):
        hub.describe(Source("a/b", REVISION, (Wanted("c"),)))


@pytest.fixture
def proxied(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", fake.address)
    monkeypatch.setenv("https_proxy", fake.address)


@pytest.mark.usefixtures("proxied")
def test_the_system_s_proxy_is_used(fake: FakeHub) -> None:
    hub = Hub(offline=False, endpoint="http://hub.invalid", patience=PATIENCE)
    assert len(hub.describe(source_of(fake.folder))) == 3
    assert fake.requests[0].path.startswith("http://hub.invalid/api/models/")


@pytest.mark.usefixtures("proxied")
def test_a_proxy_that_refuses(fake: FakeHub) -> None:
    hub = Hub(offline=False, endpoint="https://hub.invalid", patience=PATIENCE)  # needs CONNECT, which it does not know
    with pytest.raises(UserError, match="proxy of this network refuses"):
        hub.describe(source_of(fake.folder))


@pytest.mark.usefixtures("proxied")
def test_a_proxy_that_is_none(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "gopher://old")
    with pytest.raises(UserError, match="proxy in this computer's network settings cannot be used"):
        client(fake).describe(source_of(fake.folder))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, by nobody but itself, with its key."""
    openssl = shutil.which("openssl") or pytest.skip("needs openssl to make a certificate")
    file = tmp_path_factory.mktemp("certificate") / "certificate.pem"
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run([openssl, *make.split(), *names], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(Path(f"{file}.crt").read_bytes())
    return file


def test_a_certificate_that_nobody_vouches_for(folder: Path, certificate: Path) -> None:
    with (
        hub_of(folder, certificate) as fake,
        pytest.raises(UserError, match="does not trust the certificate") as raised,
    ):
        client(fake).describe(source_of(folder))
    assert "ask for its certificate to be installed" in raised.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own store counts")
def test_a_certificate_that_the_system_vouches_for(
    folder: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A connection that is cut goes on there, too."""
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with hub_of(folder, certificate) as fake:
        fake.faults.append(Cut(100_000, where="model"))
        hub = client(fake)
        _, model, _ = hub.describe(source_of(folder))
        hub.fetch(model, tmp_path / "model", Meter("downloading", model.size))
    assert (tmp_path / "model").stat().st_size == model.size
