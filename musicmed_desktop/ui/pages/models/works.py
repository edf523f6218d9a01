"""The long works of the page: what is done, what it is called, and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.progress import Cancelled, Told
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.pages.models.stock import Kept
from musicmed_desktop.ui.pages.models.words import breakable
from musicmed_desktop.ui.transfers import Transfer

WHOLE = "Everything is as it was."
_FIRST = 2  # of what is wrong is told at once; the rest unfolds


def downloading(entry: Entry, store: Store, may_use_network: Callable[[], bool], token: str | None = None) -> Transfer:
    """Can be paused, and pauses where the network is forbidden meanwhile.

    Raises NotAcceptedError where its licence has not been accepted, TokenNeededError, UserError.
    """

    def work(told: Told, cancelled: Cancelled) -> str:
        from musicmed_desktop.engines.models.download import download
        from musicmed_desktop.engines.models.hub import Hub
        from musicmed_desktop.engines.models.licences import require_accepted

        def stopped() -> bool:
            return cancelled() or not may_use_network()

        hub = Hub(offline=not may_use_network(), token=token)  # before anybody is asked about a licence in vain
        require_accepted(store, entry.licence)
        download(entry, store, hub, told, stopped)
        return f"{entry.title} is on this computer now."

    return Transfer(
        about=entry.name,
        doing=f"Downloading {entry.title}",
        work=work,
        discard=lambda: store.discard(entry.name),
        with_token=lambda token: downloading(entry, store, may_use_network, token),
    )


def importing(path: Path, name: str, store: Store) -> Transfer:
    """Raises NotAcceptedError where its licence has not been accepted, UserError."""

    def work(told: Told, cancelled: Cancelled) -> str:
        from musicmed_desktop.engines.models.importing import import_model

        import_model(path, store, told=told, cancelled=cancelled)
        return f"{name} is on this computer now."

    return Transfer(name, f"Importing {name}", work)


def exporting(kept: Kept, target: Path) -> Transfer:
    def work(told: Told, cancelled: Cancelled) -> str:
        from musicmed_desktop.engines.models.exporting import export_model

        copy = export_model(kept.installed, target, told, cancelled)
        return f"{kept.title} was copied to {breakable(str(copy))}."

    return Transfer(kept.installed.name, f"Copying {kept.title}", work)


def checking(kept: Kept) -> Transfer:
    """Raises UserError where something is wrong."""

    def work(told: Told, cancelled: Cancelled) -> str:
        from musicmed_desktop.engines.models.verifying import verify

        wrong = verify(kept.installed, told, cancelled)
        if wrong:
            told_first = " ".join(wrong[:_FIRST])
            hint = f"{told_first} Please remove it, then download or import it again."
            raise UserError(f"{kept.title} is not as it was.", hint, "\n".join(wrong))
        return f"{kept.title} was checked. {WHOLE}"

    return Transfer(kept.installed.name, f"Checking {kept.title}", work)
