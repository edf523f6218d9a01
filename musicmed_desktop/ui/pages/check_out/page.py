"""The page on which a session ends."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.kit import ask
from musicmed_desktop.ui.pages.check_out.asking import Asking
from musicmed_desktop.ui.pages.check_out.nothing_kept import NothingKept
from musicmed_desktop.ui.pages.check_out.result import Result
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import Ended


class CheckOutPage(QWidget):
    """`replay_requested` carries the Entry; the other signals are ways on."""

    replay_requested = Signal(object)  # Entry
    new_session_requested = Signal()
    sessions_requested = Signal()
    help_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._ended: Ended | None = None
        self._entry: Entry | None = None
        self.asking, self.result, self.nothing = Asking(), Result(), NothingKept()
        self._stack = QStackedLayout(self)
        for part in (self.asking, self.result, self.nothing):
            self._stack.addWidget(part)
        self.asking.answered.connect(self._answered)
        self.result.again_requested.connect(self._listen_again)
        for source in (self.result, self.nothing):
            source.new_session_requested.connect(self.new_session_requested)
            source.sessions_requested.connect(self.sessions_requested)
        self.result.help_requested.connect(self.help_requested)

    def show_ended(self, ended: Ended) -> None:
        """Begin the check out of a session; of one that left nothing, say so."""
        self._ended, self._entry = ended, ended.entry
        if ended.entry is None:
            self.nothing.show_ended(ended)
            self._stack.setCurrentWidget(self.nothing)
        else:
            self.asking.ask(ended)
            self._stack.setCurrentWidget(self.asking)

    @property
    def waiting(self) -> bool:
        """Whether the question stands, neither answered nor skipped."""
        return self._entry is not None and self._stack.currentWidget() is self.asking

    def leave(self) -> None:
        """The window is closed: what was said until now counts as the answer."""
        if self.waiting:
            self._answered(self.asking.feeling.affect)

    def _answered(self, after: Affect | None) -> None:
        assert self._ended is not None
        assert self._entry is not None
        said = after or self._entry.after
        entry = self._entry.changed(after=said, note=self.asking.written or self._entry.note)
        self.result.show_result(self._ended, entry)
        self._stack.setCurrentWidget(self.result)
        if entry != self._entry:
            self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        self._entry = entry
        library = self._services.library
        said = {"after": entry.after, "note": entry.note}
        self._services.tasks.run(
            lambda: library.change(entry.id, **said), failed=lambda error: self._not_kept(entry, error)
        )

    def _not_kept(self, entry: Entry, error: UserError) -> None:
        ask(
            self,
            "What you said could not be kept.",
            str(error),
            yes="Try again",
            no="Leave it",
            answered=lambda again: self._keep(entry) if again else None,
        )

    def _listen_again(self) -> None:
        self.replay_requested.emit(self._entry)
