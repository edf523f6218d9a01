"""The model hub: what it has, and its files. Only here does the program touch the network, and never unasked."""

from musicmed_desktop.engines.models.hub.client import Hub
from musicmed_desktop.engines.models.hub.complaints import TokenNeededError
from musicmed_desktop.engines.models.hub.remote import Remote
from musicmed_desktop.engines.models.hub.tries import Patience

__all__ = ["Hub", "Patience", "Remote", "TokenNeededError"]
