"""My sessions: the list of what was heard, how it went over the weeks, and what comes and goes as files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.kit import Card, Flow, Page, Row, SideBySide, body, button, choice_group, heading, tell, title
from musicmed_desktop.ui.pages.sessions.arriving import Arriving
from musicmed_desktop.ui.pages.sessions.bringing import Bringing, ask_files
from musicmed_desktop.ui.pages.sessions.filters import Filters
from musicmed_desktop.ui.pages.sessions.keeper import Keeper
from musicmed_desktop.ui.pages.sessions.list import SessionList
from musicmed_desktop.ui.pages.sessions.model import FoundSessions
from musicmed_desktop.ui.pages.sessions.more import More
from musicmed_desktop.ui.pages.sessions.outgoing import Outgoing
from musicmed_desktop.ui.pages.sessions.trash import Trash
from musicmed_desktop.ui.pages.sessions.weeks import Weeks
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance

LIST, WEEKS = 0, 1


class SessionsPage(Page):
    """Looks into the library whenever it is shown."""

    replay_requested = Signal(object)  # Entry
    notice = Signal(str, object)  # words, and what undoes it or None

    def __init__(self, services: Services) -> None:
        super().__init__(width=1240)
        self._found = FoundSessions(self)
        self._keeper, self._outgoing = Keeper(services, self._found), Outgoing(self, services)
        self.bringing = Bringing(services)
        self.arriving, self.trash = Arriving(self.bringing), Trash(services)
        self.filters, self.list, self.weeks = Filters(), SessionList(self._found), Weeks(services.tasks)
        self.empty = Card(
            heading("No sessions yet"),
            body("After your first session you will find it here, to listen to it again whenever you like."),
            Flow(button("Bring in sessions…", self._ask_files)),
        )
        self._why = body()
        self.failed = Card(self._why, Row(button("Try again", self._keeper.load), None))
        self.ways = choice_group(self, ("List", "Over the weeks"))
        self.ways.button(LIST).setChecked(True)
        self.more = More(self)
        self._choice = QWidget()
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.trash.hide()
        self._keeper.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A list that is taller than the page would hide the row that the keys go to."""
        super().resizeEvent(event)
        self.list.limit_height(self.viewport().height() - appearance().px(48))

    def _lay_out(self) -> None:
        self._choice.setLayout(Row(*self.ways.buttons()))
        tools = QWidget()
        tools.setLayout(Flow(self._choice, self.more))
        head = SideBySide(540, (title("My sessions"), 1), (tools, 0))
        self._parts = (self._choice, self.filters, self.empty, self.failed, self.list, self.weeks, self.trash)
        self.add(head, self.arriving, *self._parts[1:])
        for part in (self.list, self.weeks, self.trash):
            self.column.setStretchFactor(part, 1)
        self.column.addStretch(0)
        self._show_only()

    def _connect(self) -> None:
        self._connect_keeper()
        self._connect_files()
        self._found.rowsRemoved.connect(self._look)
        self.list.all_wanted.connect(self.filters.clear)
        self.filters.changed.connect(self._look)
        self.ways.idClicked.connect(self._look)
        self.weeks.opened.connect(self._open)
        self.trash.closed.connect(self._leave_trash)
        self.trash.restored.connect(self.list.choose)
        self.list.actions_.replay.triggered.connect(self._for_chosen(self.replay_requested.emit))
        for source in (self._keeper, self._outgoing, self.trash):
            source.notice.connect(self.notice)
            source.refused.connect(lambda error: tell(self, error))

    def _connect_keeper(self) -> None:
        keeper, actions = self._keeper, self.list.actions_
        keeper.loaded.connect(self._look)
        keeper.prepared.connect(self.weeks.prepare)
        keeper.unreadable.connect(self._show_failure)
        keeper.restored.connect(self.list.choose)
        self._found.renamed.connect(keeper.rename)
        self.list.starred.connect(keeper.favour)
        actions.favourite.triggered.connect(self._for_chosen(keeper.favour))
        actions.delete.triggered.connect(self._for_chosen(keeper.delete))

    def _connect_files(self) -> None:
        actions = self.list.actions_
        actions.export.triggered.connect(self._for_chosen(self._outgoing.save_music))
        actions.send.triggered.connect(self._for_chosen(self._outgoing.save_session))
        self.more.table.triggered.connect(self._outgoing.save_table)
        self.more.bring_in.triggered.connect(self._ask_files)
        self.more.deleted.triggered.connect(self._show_trash)
        self.arriving.ended.connect(self._show_arrived)
        self.bringing.rested.connect(self._keeper.load)

    def _for_chosen(self, act: Callable[[Entry], object]) -> Callable[[], object]:
        return lambda: act(self.list.chosen) if self.list.chosen is not None else None

    def _look(self) -> None:
        """Show what is looked for, in the way that is chosen."""
        self._found.look_for(self.filters.search.text(), self.filters.favourites.isChecked(), self.filters.since)
        if self.trash.isVisibleTo(self):
            return
        if not self._found.all:
            self._show_only(self.empty)
        elif self.ways.checkedId() == WEEKS:
            self._show_only(self._choice, self.filters, self.weeks)
            self.weeks.show_entries(self._found.entries, self.filters.since, self.filters.words)
        else:
            self._show_only(self._choice, self.filters, self.list)
            self.list.settle()

    def _show_only(self, *shown: QWidget) -> None:
        for part in self._parts:
            part.setVisible(part in shown)

    def _show_failure(self, error: UserError) -> None:
        self._why.setText(str(error))
        self._show_only(self.failed)

    def _open(self, id: str) -> None:
        """Show a session of the weeks in the list."""
        self.filters.clear()
        self.ways.button(LIST).click()
        self.list.choose(id)
        self.list.view.setFocus()

    def _ask_files(self) -> None:
        ask_files(self, self.bringing.begin)

    def _show_arrived(self, words: str, new: list[str]) -> None:
        """Said at the foot of the window where the page does not say it; the first of what is new is chosen."""
        if words and not self.arriving.isVisible():
            self.notice.emit(words, None)
        if new:
            self.list.choose(new[0])

    def _show_trash(self) -> None:
        self._show_only(self.trash)
        self.trash.load()

    def _leave_trash(self) -> None:
        self.trash.hide()
        self._keeper.load()
        self.list.view.setFocus()
