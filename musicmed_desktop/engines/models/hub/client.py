"""The hub's client.

It speaks the plain protocol of huggingface_hub (2.4), in its session: the description of a repository at a revision,
and `resolve` addresses for its files. huggingface_hub's own download writes every 10 MB only, loses what came since
when a line is cut, and checks no SHA-256; so the bytes are taken as they arrive. Its HfApi asks the hub for a list of
programs before (`_detect_agent.py`), so that is not used either.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from musicmed_desktop import __version__
from musicmed_desktop.edition import how_to_get
from musicmed_desktop.engines.models.catalogue import Source
from musicmed_desktop.engines.models.hub.complaints import complaint, interfered, wrong_length
from musicmed_desktop.engines.models.hub.part import Part
from musicmed_desktop.engines.models.hub.remote import Remote, expected, first_byte
from musicmed_desktop.engines.models.hub.session import session
from musicmed_desktop.engines.models.hub.tries import Patience, Tries
from musicmed_desktop.engines.models.hub.waiting import awaited
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, Meter, nobody
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

_PATIENT = Patience()
_STICK = "You can get the model on a stick, and import it."


class Hub:
    """The hub at `endpoint` (https://HOST), or the one that huggingface_hub's settings (HF_ENDPOINT) name.

    A `token` is sent to the hub alone, and only the one that was given. Nothing is asked before `describe`. Raises
    UserError where the program is to stay `offline`.
    """

    def __init__(
        self,
        *,
        offline: bool,
        token: str | None = None,
        endpoint: str | None = None,
        patience: Patience = _PATIENT,
    ) -> None:
        if offline:
            raise UserError("This app is set to stay offline.", f"Change that in the settings. {_STICK}")
        _require_library()
        from huggingface_hub import constants

        if constants.is_offline_mode():
            raise UserError("HF_HUB_OFFLINE is set on this computer: nothing is downloaded.", f"Unset it. {_STICK}")
        self._endpoint = _checked_address(endpoint or constants.ENDPOINT)
        self._headers = {"User-Agent": f"musicmed-desktop/{__version__}"}
        if token:
            self._headers["Authorization"] = f"Bearer {_checked_token(token)}"
        self._patience = patience

    def describe(self, source: Source, cancelled: Cancelled = nobody) -> tuple[Remote, ...]:
        """The files of `source`, in its order.

        Raises UserError where the hub cannot be reached, refuses (TokenNeededError where a token may help), or has
        other files than `source` says; CancelledError.
        """
        info = self._info(source, cancelled)
        files = {file.rfilename: file for file in info.siblings or ()}
        return tuple(
            expected(source, wanted, files.get(wanted.path), self._address(source, wanted.path))
            for wanted in source.files
        )

    def fetch(self, remote: Remote, file: Path, meter: Meter) -> None:
        """Fetch what `file` lacks of it; where connections are cut, it goes on by itself. Its hash is not checked.

        Raises UserError where that is no use or the disk refuses, CancelledError; what arrived stays in `file`.
        """
        from httpx2 import HTTPError

        tries = Tries(self._patience, lambda: meter.count(0))
        with Part(file) as part:
            if part.size > remote.size:
                meter.count(-part.begin_anew())
            while part.size < remote.size:
                try:
                    self._receive(remote, part, meter)
                except HTTPError as error:
                    tries.failed(error, part.size)

    def _receive(self, remote: Remote, part: Part, meter: Meter) -> None:
        """One connection's worth of the file."""
        from httpx2 import RemoteProtocolError

        with closing(awaited(self._blocks(remote, part.size), lambda: meter.count(0))) as blocks:
            for position, block in blocks:
                if position < part.size:
                    meter.count(-part.begin_anew())
                if part.size + len(block) > remote.size:
                    raise wrong_length(remote.path, f"more than {remote.size} bytes arrived")
                part.append(block)
                meter.count(len(block))
        if part.size < remote.size:
            raise RemoteProtocolError(f"{remote.path} ended after {part.size} of {remote.size} bytes")

    def _blocks(self, remote: Remote, begin: int) -> Generator[tuple[int, bytes], None, None]:
        """What arrives, each with its place in the file: from `begin` on, or from 0 where the server will not."""
        from huggingface_hub import hf_raise_for_status

        headers = {**self._headers, "Accept-Encoding": "identity"}
        if begin:
            headers["Range"] = f"bytes={begin}-"
        with (
            session() as client,
            client.stream("GET", remote.url, headers=headers, timeout=self._patience.silence) as answer,
        ):
            if answer.status_code == 416:  # it thinks that the file is shorter
                yield 0, b""
                return
            hf_raise_for_status(answer)
            position = first_byte(answer, remote, begin)
            for block in answer.iter_raw():  # at most 64 KiB, as they come
                yield position, block
                position += len(block)

    def _info(self, source: Source, cancelled: Cancelled) -> ModelInfo:
        from httpx2 import ConnectError, ConnectTimeout, HTTPError

        def pulse() -> None:
            if cancelled():
                raise CancelledError

        tries = Tries(self._patience, pulse)
        while True:
            try:
                (info,) = awaited(self._asked(source), pulse)
            except (ConnectError, ConnectTimeout) as error:  # nobody who has no network wants to wait for this
                raise complaint(error) from error
            except HTTPError as error:
                tries.failed(error)
            else:
                return info

    def _asked(self, source: Source) -> Generator[ModelInfo, None, None]:
        """The hub's description, once (https://huggingface.co/docs/hub/api)."""
        from huggingface_hub import ModelInfo, hf_raise_for_status

        place = f"{self._endpoint}/api/models/{source.repository}/revision/{quote(source.revision, safe='')}"
        with session() as client:
            answer = client.get(place, params={"blobs": True}, headers=self._headers, timeout=self._patience.silence)
        hf_raise_for_status(answer)
        try:
            info = ModelInfo(**answer.json())  # type: ignore[no-untyped-call]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise interfered(f"{answer.url}: {answer.text[:200]!r}") from error
        if re.fullmatch("[0-9a-f]{40}", source.revision) and info.sha != source.revision:
            raise interfered(f"{answer.url}: revision {info.sha}")
        yield info

    def _address(self, source: Source, path: str) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(source.repository, path, revision=source.revision, endpoint=self._endpoint)


def _require_library() -> None:
    if any(find_spec(package) is None for package in ("huggingface_hub", "httpx2", "truststore")):
        raise UserError("MusicGen is not installed.", how_to_get("musicgen"))


def _checked_address(endpoint: str) -> str:
    """Raises UserError where `endpoint` is no address."""
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(f"{endpoint} is not the address of a model hub.", "Check HF_ENDPOINT.")
    return endpoint.rstrip("/")


def _checked_token(token: str) -> str:
    """Raises UserError where it cannot be one, as a pasted sentence."""
    if not re.fullmatch(r"[!-~]+", token.strip()):
        raise UserError("This is not an access token.", "It is one word that begins with hf_.")
    return token.strip()
