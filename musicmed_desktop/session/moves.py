"""An engine that goes on in another way than it began: where memory ran out, and it moved to a smaller plan."""

from __future__ import annotations

from collections.abc import Iterator

from musicmed_desktop.engines.base import Engine
from musicmed_desktop.session.events import EngineMoved
from musicmed_desktop.session.record import Tool


class Moves:
    """Watches what an engine says of itself from the start of a session on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._about = engine.about
        self._versions = [engine.version]

    def look(self) -> Iterator[EngineMoved]:
        """Tells where it says something else than at the last look."""
        if self._engine.version != self._versions[-1]:
            self._versions.append(self._engine.version)
        if self._engine.about != self._about:
            self._about = self._engine.about
            yield EngineMoved(self._about)

    @property
    def tool(self) -> Tool:
        """The engine with all versions that it had, as a record has it."""
        return Tool(name=self._engine.name, version=", then ".join(self._versions))
