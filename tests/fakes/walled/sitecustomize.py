"""No Python code in this process gets to the network: each try is refused, and written down.

Python imports this module by itself where its folder is on PYTHONPATH, before anything else; processes that this one
starts inherit it. Sockets inside this computer (AF_UNIX) are none of the network.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_RECORD = os.environ["TRIED_THE_NETWORK"]  # the file that gets a line for each try
_OF_A_SOCKET = ("socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto")
_OF_A_NAME = ("socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname", "socket.getnameinfo")


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _OF_A_SOCKET:
        import socket

        if arguments[0].family == getattr(socket, "AF_UNIX", None):
            return
    elif event not in _OF_A_NAME:
        return
    with open(_RECORD, "a", encoding="utf-8") as record:  # noqa: PTH123  # pathlib would be imported in every process
        record.write(f"{event} {arguments!r}\n")
    raise PermissionError(f"there is no network here: {event}")


sys.addaudithook(_refuse)
