"""My sessions: the list of what was heard, and how it went over the weeks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.kit import Card, Page, Row, SideBySide, body, button, choice_group, heading, tell, title
from musicmed_desktop.ui.pages.sessions.exporting import ask_where
from musicmed_desktop.ui.pages.sessions.filters import Filters
from musicmed_desktop.ui.pages.sessions.keeper import Keeper
from musicmed_desktop.ui.pages.sessions.list import SessionList
from musicmed_desktop.ui.pages.sessions.model import FoundSessions, SessionModel
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
        self._model = SessionModel(self)
        self._found = FoundSessions(self._model)
        self._keeper = Keeper(services, self._model)
        self.filters, self.list, self.weeks = Filters(), SessionList(self._found), Weeks(services.tasks)
        self.empty = Card(
            heading("No sessions yet"),
            body("After your first session you will find it here, to listen to it again whenever you like."),
        )
        self._why = body()
        self.failed = Card(self._why, Row(button("Try again", self._keeper.load), None))
        self.ways = choice_group(self, ("List", "Over the weeks"))
        self.ways.button(LIST).setChecked(True)
        self._choice = QWidget()
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keeper.load()
        self.weeks.prepare()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A list that is taller than the page would hide the row that the keys go to."""
        super().resizeEvent(event)
        self.list.limit_height(self.viewport().height() - appearance().px(48))

    def _lay_out(self) -> None:
        self._choice.setLayout(Row(*self.ways.buttons()))
        head = SideBySide(430, (title("My sessions"), 1), (self._choice, 0))
        self.add(head, self.filters, self.empty, self.failed, self.list, self.weeks)
        for part in (self.list, self.weeks):
            self.column.setStretchFactor(part, 1)
        self.column.addStretch(0)
        self._show_only()

    def _connect(self) -> None:
        keeper, actions = self._keeper, self.list.actions_
        keeper.loaded.connect(self._look)
        keeper.unreadable.connect(self._show_failure)
        keeper.refused.connect(lambda error: tell(self, error))
        keeper.restored.connect(self.list.choose)
        keeper.notice.connect(self.notice)
        self._model.renamed.connect(keeper.rename)
        self._model.rowsRemoved.connect(self._look)
        self.list.starred.connect(keeper.favour)
        self.list.all_wanted.connect(self.filters.clear)
        self.filters.changed.connect(self._look)
        self.ways.idClicked.connect(self._look)
        self.weeks.opened.connect(self._open)
        actions.replay.triggered.connect(self._for_chosen(self.replay_requested.emit))
        actions.favourite.triggered.connect(self._for_chosen(keeper.favour))
        actions.delete.triggered.connect(self._for_chosen(keeper.delete))
        actions.export.triggered.connect(self._for_chosen(self._export))

    def _for_chosen(self, act: Callable[[Entry], object]) -> Callable[[], object]:
        return lambda: act(self.list.chosen) if self.list.chosen is not None else None

    def _look(self) -> None:
        """Show what is looked for, in the way that is chosen."""
        over_weeks = self.ways.checkedId() == WEEKS
        self._found.look_for(self.filters.search.text(), self.filters.favourites.isChecked(), self.filters.since)
        if not self._model.entries:
            self._show_only(self.empty)
        elif over_weeks:
            self._show_only(self._choice, self.filters, self.weeks)
            self.weeks.show_entries(self._found.entries(), self.filters.since, self.filters.words)
        else:
            self._show_only(self._choice, self.filters, self.list)
            self.list.settle()

    def _show_only(self, *shown: QWidget) -> None:
        for part in (self._choice, self.filters, self.empty, self.failed, self.list, self.weeks):
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

    def _export(self, entry: Entry) -> None:
        ask_where(self, entry, lambda file, form: self._keeper.export(entry, file, form))
