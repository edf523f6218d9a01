"""The connection to the hub: huggingface_hub's session, with the proxies and certificates of this computer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from httpx2 import Client

_lock = Lock()
_users = 0


@contextmanager
def session() -> Iterator[Client]:
    """huggingface_hub's session. It is one for the whole program; when its last user leaves, its default is back.

    Raises UserError where the system's proxy cannot be used.
    """
    global _users
    from huggingface_hub import get_session, set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    with _lock:
        if not _users:
            set_client_factory(_client)
        _users += 1
    try:
        yield get_session()
    finally:
        with _lock:
            _users -= 1
            if not _users:
                set_client_factory(default_client_factory)  # closes ours


def _client() -> Client:
    """It asks nothing and tells nothing of its own accord.

    Its certificates are the system's, as a company's network needs; that of httpx2 would be Mozilla's. A redirect to
    another host does not get the token (httpx2, `_redirect_headers`).
    """
    from httpx2 import Client
    from truststore import SSLContext

    try:
        return Client(verify=SSLContext(ssl.PROTOCOL_TLS_CLIENT), follow_redirects=True)
    except (ValueError, ImportError) as error:  # a kind of proxy that httpx2 does not know, or has no library for
        raise UserError(
            "The proxy in this computer's network settings cannot be used.",
            "Use an http proxy, or get the model on a stick and import it.",
            str(error),
        ) from error
