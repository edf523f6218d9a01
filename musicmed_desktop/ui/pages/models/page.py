"""The page "Music models": what is here, what can be had, and how it comes here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent

from musicmed_desktop.engines import musicgen_lacks
from musicmed_desktop.engines.models.catalogue import catalogue
from musicmed_desktop.engines.models.licences import Licence, NotAcceptedError
from musicmed_desktop.ui.kit import Flow, Page, announce, ask, body, button, muted, show_text, tell, title
from musicmed_desktop.ui.pages.models.bringing import Bringing, ask_import, dropped
from musicmed_desktop.ui.pages.models.desk import Catalogue, Desk
from musicmed_desktop.ui.pages.models.getting import LATER, LOOKING, Getting
from musicmed_desktop.ui.pages.models.keyboard import Keyboard
from musicmed_desktop.ui.pages.models.licence import ask_licence
from musicmed_desktop.ui.pages.models.measuring import Measure, Measuring, measure
from musicmed_desktop.ui.pages.models.row import TransferRow
from musicmed_desktop.ui.pages.models.shelf import Shelf
from musicmed_desktop.ui.pages.models.stock import Kept, Stock
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.transfers import Transfer

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.importing import Arrival

_WHAT = (
    "With a music model the computer makes music that sounds more like a recording. You can do without one: the "
    "built-in composer is always here."
)
_HOW = "A model is fetched once; from then on all stays on this computer and needs no network."

OPENING = "Loading what makes the music…"
STOPPED = "{} has stopped. {} You find it under Settings, Music models."


class ModelsPage(Page):
    """Looks at what is here, and at what this computer can play, when it is shown and when something has changed."""

    closed = Signal()
    notice = Signal(str, object)  # words, and what undoes it or None

    def __init__(
        self,
        services: Services,
        playing: Callable[[], bool] = lambda: False,
        catalogue: Catalogue = catalogue,
        measure: Measure = measure,
    ) -> None:
        super().__init__(width=760)
        self._transfers, self._playing = services.transfers, playing
        self.desk = Desk(services, catalogue)
        self._measuring = Measuring(services.tasks, catalogue, measure, self._is_needed)
        self.back = button("Back to Settings", self.closed.emit)
        self.plays = muted()
        self.row, self.shelf = TransferRow(services.transfers), Shelf(services.preferences)
        self.getting, self.bringing = Getting(services), Bringing()
        self._keyboard = Keyboard(self.row, self.shelf, self.getting, self.bringing, self.back)
        lack = musicgen_lacks()
        self.lacks = body()
        self.add(
            Flow(self.back), title("Music models"), body(_WHAT if lack else f"{_WHAT} {_HOW}"), self.lacks, self.plays
        )
        show_text(self.lacks, lack)
        self.add(self.row, self.shelf, self.getting, self.bringing, None)
        for way_here in (self.getting, self.bringing):  # a model that cannot be played is gigabytes for nothing
            way_here.setVisible(not lack)
        self.setAcceptDrops(not lack)
        self._connect_desk()
        self._connect_parts()

    def look(self) -> None:
        """Look again, where the page is in sight."""
        if self.isVisible():
            self.desk.look()
            self.getting.wait_for(LATER if self._is_needed() else LOOKING)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shelf.show_result("", "")
        self.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) and not self._transfers.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.desk.look_at(path)

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.stocked.connect(self._show_stock)
        desk.plays.connect(self._show_plays)
        self._measuring.measured.connect(self.getting.show_fits)
        self._measuring.refused.connect(lambda error: self.getting.wait_for(str(error)))
        desk.arrived.connect(self._ask_import)
        desk.licence_needed.connect(self._ask_licence)
        desk.refused.connect(lambda error: tell(self, error))
        desk.notice.connect(self.notice)

    def _connect_parts(self) -> None:
        self.getting.wanted.connect(self.desk.download)
        self.getting.measure_again.connect(self._measure_again)
        self.bringing.chosen.connect(self.desk.look_at)
        self.shelf.check.connect(self.desk.check)
        self.shelf.copy.connect(self._ask_where)
        self.shelf.remove.connect(self._ask_remove)
        self.shelf.chosen.connect(self._look_what_plays)
        self._transfers.changed.connect(self._show_busy)
        self._transfers.changed.connect(self._tell_elsewhere)
        self._transfers.finished.connect(self._show_result)
        self.row.appeared.connect(self._show_row)
        self.row.vanishing.connect(self._leave_row)
        self.getting.renewed.connect(self._keyboard.order)
        self._show_busy()

    def _show_stock(self, stock: Stock) -> None:
        self.shelf.show_kept(stock.kept)
        self._keyboard.order()
        self._keyboard.follow_brought()
        self.getting.show_missing(stock.missing)

    def _show_plays(self, words: str) -> None:
        """What makes the music is loaded, so that the computer is free to be looked at."""
        if self.isVisible() and words != self.plays.text():
            announce(self.plays, words)
        self.plays.setText(words)
        if self.isVisible():
            self._measuring.begin()

    def _measure_again(self) -> None:
        self.getting.show_fits(())
        self.getting.wait_for(LATER if self._is_needed() else LOOKING)
        self._measuring.begin_anew()

    def _look_what_plays(self) -> None:
        self.plays.setText(OPENING)
        self.desk.look()

    def _is_needed(self) -> bool:
        """Whether looking at what the computer can play would disturb something, and be disturbed."""
        return self._playing() or self._transfers.busy

    def _show_busy(self) -> None:
        busy = self._transfers.busy
        self.shelf.show_busy(busy)
        self.bringing.show_busy(busy)
        self.getting.show_transfer(self._transfers)
        if busy:
            self.shelf.show_result("", "")  # what was said may be true no more
        if self.isVisible() and not self.getting.knows:
            self._judge()

    def _judge(self) -> None:
        self.getting.wait_for(LATER if self._is_needed() else LOOKING)
        self._measuring.begin()

    def _tell_elsewhere(self) -> None:
        """Who is on another page hears of trouble, too."""
        transfers = self._transfers
        problem = transfers.problem if transfers.state == "failed" else None
        if problem and transfers.transfer and not self.isVisible() and not isinstance(problem, NotAcceptedError):
            self.notice.emit(STOPPED.format(transfers.transfer.doing, problem.title), None)

    def _show_row(self) -> None:
        """What is under way is brought into sight; the keyboard goes there from what began it."""
        if self.isVisible() and self._transfers.busy:
            self._keyboard.begin()
        elif self.isVisible():
            self._keyboard.follow_row()

    def _leave_row(self) -> None:
        self._show_busy()
        self._keyboard.leave_row()

    def _show_result(self, transfer: Transfer, words: str) -> None:
        self.shelf.show_result(transfer.about, words)
        self._keyboard.expect(transfer.about)

    def _ask_licence(self, licence: Licence) -> None:
        ask_licence(self, licence, lambda yes: self.desk.accept(licence.id) if yes else self._transfers.leave())

    def _ask_import(self, path: Path, arrival: Arrival) -> None:
        ask_import(self, arrival, lambda: self.desk.take(path, arrival))

    def _ask_where(self, kept: Kept) -> None:
        ask_folder(self, f"Where to copy {kept.title}", Path.home(), lambda target: self.desk.copy(kept, target))

    def _ask_remove(self, kept: Kept) -> None:
        ask(
            self,
            f"Remove {kept.title} from this computer?",
            "To use it again, it would have to be downloaded or imported again.",
            yes="Remove",
            no="Keep",
            answered=lambda yes: self.desk.remove(kept, self.shelf.kept) if yes else None,
            look="danger",
        )
